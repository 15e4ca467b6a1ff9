import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { Dashboard } from '../../../src/ui/dashboard.ts';
import { tableState } from '../../../src/ui/state.ts';
import { busy, HOSTILE, iso, NOW_MS } from '../../support/snapshots.ts';

interface Question {
  readonly windowSeconds: number | null;
  readonly atMs: number | null;
  answer(snapshot: Snapshot): Promise<void>;
  fail(message: string): Promise<void>;
}

/** A dashboard whose feed answers when the test says so. */
function bench(size = { columns: 160, rows: 45 }) {
  const asked: Question[] = [];
  const exported: Snapshot[] = [];
  const calls = { paint: 0, repaint: 0, chrome: 0 };
  let fail: (message: string) => void = () => {};
  const dashboard = new Dashboard({
    feed: {
      request: (query) =>
        new Promise((resolve, reject) => {
          asked.push({
            ...query,
            answer: async (snapshot) => {
              resolve(snapshot);
              await vi.advanceTimersByTimeAsync(0);
            },
            fail: async (message) => {
              reject(new Error(message));
              await vi.advanceTimersByTimeAsync(0);
            },
          });
        }),
      export: async (snapshot) => {
        exported.push(snapshot);
        return '/tmp/gtop-app.json';
      },
      onFailure: (listener) => {
        fail = listener;
      },
    },
    windowSeconds: 60,
    delayMs: 1000,
    theme: 'default',
    timeZone: 'utc',
    ascii: false,
    size: () => size,
    paint: () => calls.paint++,
    repaint: () => calls.repaint++,
  });
  dashboard.subscribe(() => calls.chrome++);
  const last = (): Question => {
    const question = asked.at(-1);
    if (question === undefined) throw new Error('nothing was asked');
    return question;
  };
  return { dashboard, asked, exported, calls, last, breakDown: (message: string) => fail(message) };
}

const press = (dashboard: Dashboard, ...keys: readonly string[]): void => {
  for (const key of keys) dashboard.key(key);
};

beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => void vi.useRealTimers());

describe('pulling Snapshots', () => {
  it('asks at once, then once each delay, and never twice at a time', async () => {
    const { dashboard, asked, last } = bench();
    dashboard.start();
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3500);
    expect(asked).toHaveLength(1);
    await last().answer(busy());
    // What was due meanwhile is asked once.
    expect(asked).toHaveLength(2);
    await last().answer(busy());
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(3);
    dashboard.stop();
  });

  it('draws nothing before the first answer, and paints when it comes', async () => {
    const { dashboard, last, calls } = bench();
    dashboard.start();
    expect(dashboard.context()).toBeNull();
    await last().answer(busy());
    expect(calls.paint).toBe(1);
    expect(dashboard.context()?.snapshot.traffic.requestsPerSecond).toBe(842);
    dashboard.stop();
  });

  it('asks for another window at once and drops the answer for the old one', async () => {
    const { dashboard, last } = bench();
    dashboard.start();
    await last().answer(busy());
    await vi.advanceTimersByTimeAsync(1000);
    const old = last();
    press(dashboard, 'w');
    await old.answer(busy({ window: { seconds: 60, from: null, to: null } }));
    expect(dashboard.context()?.snapshot.window.from).not.toBeNull();
    expect(last().windowSeconds).toBe(300);
    await last().answer(busy({ window: { seconds: 300, from: null, to: null } }));
    expect(dashboard.context()?.snapshot.window.seconds).toBe(300);
    dashboard.stop();
  });

  it('makes visible what it shows', async () => {
    const { dashboard, last } = bench();
    dashboard.start();
    await last().answer(busy({ filter: HOSTILE }));
    expect(dashboard.context()?.snapshot.filter).toContain('\\x1b]0;owned');
    dashboard.stop();
  });

  it('says when an answer or the engine fails, and goes on', async () => {
    const { dashboard, asked, last, breakDown } = bench();
    dashboard.start();
    await last().fail('no answer\x1b[2J');
    expect(dashboard.state.message).toMatchObject({ level: 'critical', text: 'no answer\\x1b[2J' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(2);
    breakDown('the log vanished\x07');
    expect(dashboard.state.failure).toBe('the log vanished\\x07');
    dashboard.stop();
  });
});

describe('pause', () => {
  it('keeps the picture while nothing is asked, and stays explorable', async () => {
    const { dashboard, asked, last } = bench();
    dashboard.start();
    await last().answer(busy());
    press(dashboard, ' ');
    await vi.advanceTimersByTimeAsync(42_000);
    expect(asked).toHaveLength(1);
    expect(dashboard.state.paused).toMatchObject({ sinceMs: NOW_MS, atMs: NOW_MS });
    press(dashboard, 'j');
    expect(tableState(dashboard.state, 'paths').selected?.key).toBe('GET /');
    // Another window of the moment that was frozen.
    press(dashboard, 'w');
    expect(last()).toMatchObject({ windowSeconds: 300, atMs: NOW_MS });
    await last().answer(busy({ window: { seconds: 300, from: iso(300), to: iso(0) } }));
    expect(dashboard.context()?.snapshot.window.seconds).toBe(300);
    press(dashboard, ' ');
    expect(last()).toMatchObject({ windowSeconds: 300, atMs: null });
    dashboard.stop();
  });

  it('drops an answer that was asked for before', async () => {
    const { dashboard, last } = bench();
    dashboard.start();
    await last().answer(busy());
    await vi.advanceTimersByTimeAsync(1000);
    press(dashboard, ' ');
    await last().answer(busy({ filter: 'later' }));
    expect(dashboard.context()?.snapshot.filter).toBeNull();
    dashboard.stop();
  });
});

describe('keys', () => {
  const opened = async (size?: { columns: number; rows: number }) => {
    const parts = bench(size);
    parts.dashboard.start();
    await parts.last().answer(busy());
    parts.dashboard.stop();
    return parts;
  };

  it('move the row of the focused table in the order shown', async () => {
    const { dashboard } = await opened();
    press(dashboard, 'G');
    expect(tableState(dashboard.state, 'paths').selected?.key).toBe('GET /healthz');
    press(dashboard, 'k', 'up', 'g', 'down');
    expect(tableState(dashboard.state, 'paths').selected?.key).toBe('GET /');
    press(dashboard, '5', 'pagedown');
    expect(tableState(dashboard.state, 'workers').selected?.key).toBe('26201');
  });

  it('do not move what is not on the screen', async () => {
    const { dashboard } = await opened({ columns: 80, rows: 24 });
    press(dashboard, '6', 'j');
    expect(tableState(dashboard.state, 'alerts').selected).toBeNull();
  });

  it('repaint no box when a row moves, and do when the focus does', async () => {
    const { dashboard, calls } = await opened();
    press(dashboard, 'j', 'j', 'r', 'w');
    expect(calls.chrome).toBe(0);
    press(dashboard, 'tab');
    expect(calls.chrome).toBe(1);
  });

  it('sort by letter: the focused pane if it can, else the one that can', async () => {
    const { dashboard } = await opened();
    press(dashboard, 'E');
    expect(tableState(dashboard.state, 'paths').sort).toBe('errors');
    press(dashboard, 'E');
    expect(tableState(dashboard.state, 'paths')).toMatchObject({ sort: 'errors', reversed: true });
    press(dashboard, 'M');
    expect(tableState(dashboard.state, 'workers').sort).toBe('pss');
    expect(dashboard.state.message?.text).toBe('Workers sorted by PSS');
  });

  it('pick the column from a menu', async () => {
    const { dashboard } = await opened();
    press(dashboard, 's');
    expect(dashboard.state.overlay).toEqual({ kind: 'sort', pane: 'paths', index: 0 });
    await vi.dynamicImportSettled();
    press(dashboard, 'j', 'j', 'return');
    expect(dashboard.state.overlay).toBeNull();
    expect(tableState(dashboard.state, 'paths').sort).toBe('count');
    press(dashboard, '1', 's');
    expect(dashboard.state.overlay).toBeNull();
    expect(dashboard.state.message?.text).toBe('Traffic has no columns to sort by');
  });

  it('scroll the help no further than it goes', async () => {
    const { dashboard } = await opened({ columns: 80, rows: 24 });
    press(dashboard, '?');
    await vi.dynamicImportSettled();
    press(dashboard, 'G');
    const { overlay } = dashboard.state;
    expect(overlay?.kind === 'help' && overlay.scroll).toBeGreaterThan(5);
    press(dashboard, 'j');
    expect(dashboard.state.overlay).toBe(overlay);
    press(dashboard, 'q');
    expect(dashboard.state).toMatchObject({ overlay: null, quit: false });
    press(dashboard, 'q');
    expect(dashboard.chrome().quit).toBe(true);
  });

  it('open nothing over a terminal of one line', async () => {
    const { dashboard } = await opened({ columns: 30, rows: 5 });
    press(dashboard, '?', 's');
    expect(dashboard.state.overlay).toBeNull();
  });

  it('export what is shown as it came, and say where it went', async () => {
    const { dashboard, last, exported } = bench();
    dashboard.start();
    const snapshot = busy({ filter: HOSTILE });
    await last().answer(snapshot);
    press(dashboard, 'e');
    await vi.advanceTimersByTimeAsync(0);
    expect(exported).toEqual([snapshot]);
    expect(dashboard.state.message).toMatchObject({ level: 'ok', text: 'written to /tmp/gtop-app.json' });
    await vi.advanceTimersByTimeAsync(7000);
    expect(dashboard.state.message).toBeNull();
    dashboard.stop();
  });

  it('change theme and refresh, repaint, switch the list of clients', async () => {
    const { dashboard, calls } = await opened();
    press(dashboard, 't');
    expect(dashboard.chrome().theme).toBe('light');
    press(dashboard, '-');
    expect(dashboard.state.delayMs).toBe(2000);
    expect(dashboard.state.message?.text).toBe('refresh every 2 s');
    press(dashboard, 'ctrl-l');
    expect(calls.repaint).toBe(1);
    press(dashboard, 'right');
    expect(dashboard.state.clientList).toBe('addresses');
    press(dashboard, '9', 'right');
    expect(dashboard.state.clientList).toBe('userAgents');
    dashboard.stop();
  });

  it('that mean nothing do nothing', async () => {
    const { dashboard, calls } = await opened();
    const before = dashboard.state;
    const { paint } = calls;
    press(dashboard, 'ctrl-a', 'left');
    expect(dashboard.state).toBe(before);
    expect(calls.paint).toBe(paint);
  });
});
