import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActionRequest } from '../../../src/model/master-actions.ts';
import type { RawLine, RawLines } from '../../../src/model/recent-lines.ts';
import type { EventRow, Snapshot } from '../../../src/model/snapshot.ts';
import { Dashboard, type DashboardOptions } from '../../../src/ui/dashboard.ts';
import type { Services, SnapshotQuestion } from '../../../src/ui/feed.ts';
import { Lazy } from '../../../src/ui/lazy.ts';
import type { Parts } from '../../../src/ui/parts.ts';
import { tableState } from '../../../src/ui/state.ts';
import { anErrorGroup, anEvent, busy, HOSTILE, iso, NOW_MS } from '../../support/snapshots.ts';

interface Question extends SnapshotQuestion {
  answer(snapshot: Snapshot): Promise<void>;
  fail(message: string): Promise<void>;
}

const aLine = (text: string, over: Partial<RawLine> = {}): RawLine => ({
  kind: 'access',
  at: iso(1),
  level: null,
  status: 200,
  text,
  ...over,
});

type PartsMaker = DashboardOptions['parts'];

/** A dashboard whose feed answers when the test says so. */
function bench(
  size = { columns: 160, rows: 45 },
  { allowActions = false, services, parts }: { allowActions?: boolean; services?: Services; parts?: PartsMaker } = {},
) {
  const acted: ActionRequest[] = [];
  const copied: string[] = [];
  const linesAsked: (string | null)[] = [];
  let lines: RawLines = { filter: null, lines: [], reading: false };
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
      lines: async ({ filter }) => {
        linesAsked.push(filter);
        return { ...lines, filter };
      },
      ...(allowActions
        ? {
            act: async (request: ActionRequest) => {
              acted.push(request);
              return { sent: true, text: 'sent' };
            },
          }
        : {}),
      ...(services === undefined ? {} : { services }),
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
    copy: (text) => copied.push(text) > 0,
    ...(parts === undefined ? {} : { parts }),
  });
  dashboard.subscribe(() => calls.chrome++);
  const last = (): Question => {
    const question = asked.at(-1);
    if (question === undefined) throw new Error('nothing was asked');
    return question;
  };
  return {
    dashboard,
    asked,
    exported,
    acted,
    copied,
    linesAsked,
    calls,
    last,
    tell: (...all: readonly RawLine[]) => {
      lines = { ...lines, lines: all };
    },
    breakDown: (message: string) => fail(message),
  };
}

const press = (dashboard: Dashboard, ...keys: readonly string[]): void => {
  for (const key of keys) dashboard.key(key);
};

/** The same, and waits for what has to be loaded for them. */
async function pressed(dashboard: Dashboard, ...keys: readonly string[]): Promise<void> {
  press(dashboard, ...keys);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(0);
}

/** Types a text and Enter. */
const typed = (dashboard: Dashboard, text: string): Promise<void> => pressed(dashboard, ...text, 'return');

beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => void vi.useRealTimers());

describe('several Gunicorns', () => {
  const several = () => {
    const shows: number[] = [];
    const services = {
      rows: [100, 200, 300].map((pid) => ({ pid, app: `app${pid}:app`, listeners: [] })),
      shown: 0,
      show: async (index: number) => {
        if (index === 2) throw new Error('pid 300 is not running');
        shows.push(index);
        services.shown = index;
      },
    };
    return { services, shows };
  };

  it('n shows the next one: nothing of the one before stays, and the question is asked anew', async () => {
    const { services, shows } = several();
    const { dashboard, asked, last } = bench(undefined, { services });
    dashboard.start();
    await last().answer(busy());
    press(dashboard, ' ', 'z');
    expect(dashboard.state.paused).not.toBeNull();
    await pressed(dashboard, 'n');
    expect(shows).toEqual([1]);
    expect(dashboard.context()).toBeNull();
    expect(dashboard.state).toMatchObject({ paused: null, zoomed: true });
    expect(asked.length).toBeGreaterThan(1);
    await last().answer(busy());
    expect(dashboard.context()).not.toBeNull();
    await pressed(dashboard, 'N');
    expect(shows).toEqual([1, 0]);
    dashboard.stop();
  });

  it('one that cannot be shown leaves the picture as it is and says why; by number, by pid, or by nothing that there is', async () => {
    const { services, shows } = several();
    const { dashboard, last } = bench(undefined, { services });
    dashboard.start();
    await last().answer(busy());
    await pressed(dashboard, 'N');
    expect(dashboard.state.message?.text).toBe('pid 300 is not running');
    expect(dashboard.context()).not.toBeNull();
    await pressed(dashboard, ':');
    await typed(dashboard, 'gunicorn 200');
    expect(shows).toEqual([1]);
    await pressed(dashboard, ':');
    await typed(dashboard, 'gunicorn 9');
    expect(dashboard.state.message?.text).toBe("no Gunicorn '9': 1 to 3, or a pid");
    dashboard.stop();
  });

  it('where there is only one, says so', async () => {
    const { dashboard, last } = bench();
    dashboard.start();
    await last().answer(busy());
    await pressed(dashboard, 'n');
    expect(dashboard.state.message?.text).toMatch(/the only Gunicorn/);
    dashboard.stop();
  });
});

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
    expect(dashboard.state.paused).toEqual({ sinceMs: NOW_MS, atMs: NOW_MS, isPast: false });
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
    await pressed(dashboard, 's');
    expect(dashboard.state.overlay).toEqual({ kind: 'sort', pane: 'paths', index: 0 });
    await pressed(dashboard, 'j', 'j', 'return');
    expect(dashboard.state.overlay).toBeNull();
    expect(tableState(dashboard.state, 'paths').sort).toBe('count');
    await pressed(dashboard, '1', 's');
    expect(dashboard.state.overlay).toBeNull();
    expect(dashboard.state.message?.text).toBe('Traffic has no columns to sort by');
  });

  it('of sorting says how it is sorted now, or that nothing is', async () => {
    const { dashboard } = await opened();
    press(dashboard, 'r');
    expect(dashboard.state.message?.text).toBe('Paths sorted by TIME%, reversed');
    press(dashboard, 'r');
    expect(dashboard.state.message?.text).toBe('Paths sorted by TIME%');
    press(dashboard, '1', 'r');
    expect(dashboard.state.message?.text).toBe('Traffic has no columns to sort by');
  });

  it('that opens something leaves the last line to the keys of that', async () => {
    const { dashboard, last } = await opened();
    for (const key of ['?', 's', 'v']) {
      press(dashboard, 't');
      expect(dashboard.state.message).not.toBeNull();
      await pressed(dashboard, key);
      expect(dashboard.state).toMatchObject({ message: null, overlay: expect.anything() });
      press(dashboard, 'escape');
    }
    press(dashboard, 't');
    await pressed(dashboard, 'return');
    await last().answer(busy());
    expect(dashboard.state).toMatchObject({ message: null, detail: expect.anything() });
  });

  it('of sorting closes its own menu and nothing else', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, 's', 's');
    expect(dashboard.state.overlay).toBeNull();
    await pressed(dashboard, 'v', 's');
    expect(dashboard.state.overlay).toMatchObject({ kind: 'lines' });
    await pressed(dashboard, '?', 's');
    expect(dashboard.state.overlay).toMatchObject({ kind: 'help' });
  });

  it('scroll the help no further than it goes', async () => {
    const { dashboard } = await opened({ columns: 80, rows: 24 });
    await pressed(dashboard, '?', 'G');
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

  it('answer one that has no room, and are done with the answer when it was followed', async () => {
    const { dashboard } = await opened({ columns: 80, rows: 24 });
    await pressed(dashboard, '6', 'g');
    expect(dashboard.state.message?.text).toBe('Alerts has no room for its rows: z shows them');
    await pressed(dashboard, 'z');
    expect(dashboard.state).toMatchObject({ zoomed: true, message: null });
    dashboard.stop();
  });

  it('Esc pressed several times, to be sure, closes what there is and says no more', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, 'z', 'escape', 'escape', 'escape');
    expect(dashboard.state).toMatchObject({ zoomed: false, message: null });
    dashboard.stop();
  });

  it('that mean nothing do nothing, and are answered', async () => {
    const { dashboard } = await opened();
    const before = dashboard.state;
    await pressed(dashboard, 'Z', 'ctrl-a');
    expect({ ...dashboard.state, message: null }).toEqual(before);
    expect(dashboard.state.message?.text).toBe('no key Ctrl-A: ? lists the keys');
    dashboard.stop();
  });

  it.each([
    [['left'], /^← and → turn the lists of pane 9/],
    [['1', 'down'], /^Traffic has no rows: Tab/],
    [[']'], /^this is live: \[ goes back/],
    [['5', 'return', 's'], /^rows are sorted in the panes: Esc/],
    [['5', 'return', 'r'], /^rows are sorted in the panes/],
    [['5', 'return', 'P'], /^rows are sorted in the panes/],
    [['5', 'return', 'z'], /^this has the whole screen already: Esc/],
    [['5', 'return', 'return'], /^nothing in here opens further: Esc/],
    [['escape'], /^nothing to close: q quits/],
    [[' ', 'escape'], /^Space goes back to live/],
    [['n'], /^gtop watches the only Gunicorn/],
    [['/', 'x', 'return', 'n'], /^all that is shown passes the filter/],
  ])('%j, without an effect where they are pressed, say what has one', async (keys, says) => {
    const { dashboard } = await opened();
    for (const key of keys) await pressed(dashboard, key);
    expect(dashboard.state.message?.text).toMatch(says);
    dashboard.stop();
  });
});

const opened = async (...args: Parameters<typeof bench>) => {
  const parts = bench(...args);
  parts.dashboard.start();
  await parts.last().answer(busy());
  return parts;
};

describe('the filter', () => {
  it('is typed, checked, asked for, and shown when its answer is there', async () => {
    const { dashboard, last } = await opened();
    await pressed(dashboard, '/');
    await typed(dashboard, 'method=POST');
    expect(dashboard.state).toMatchObject({ prompt: null, filter: 'method=POST' });
    expect(last().filter).toBe('method=POST');
    await last().answer(busy({ filter: 'method=POST' }));
    expect(dashboard.context()?.snapshot.filter).toBe('method=POST');
    dashboard.stop();
  });

  it('that is none stays in the line, with what is wrong', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, '/');
    await typed(dashboard, 'status>=abc');
    expect(dashboard.state.filter).toBeNull();
    expect(dashboard.state.prompt).toMatchObject({ isRefused: true });
    expect(dashboard.state.prompt?.advice?.complaint).toMatch(/^column 9: 'abc'/);
    dashboard.stop();
  });

  it('is taken off by an empty line, and by Esc', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, '/');
    await typed(dashboard, 'method=POST');
    await pressed(dashboard, '/', 'return');
    expect(dashboard.state.filter).toBeNull();
    await pressed(dashboard, '/');
    await typed(dashboard, 'method=PUT');
    press(dashboard, 'escape');
    expect(dashboard.state.filter).toBeNull();
    dashboard.stop();
  });

  it('typed in one piece waits for what has to be loaded: no key of it runs as a command', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, '/', ...'method=PUT', 'return', 'j');
    expect(dashboard.state).toMatchObject({ filter: 'method=PUT', prompt: null, quit: false });
    expect(tableState(dashboard.state, 'paths').selected?.key).toBe('GET /');
    dashboard.stop();
  });

  it('takes a paste as text; without an open line a paste is nothing', async () => {
    const { dashboard } = await opened();
    const before = dashboard.state;
    dashboard.paste('q');
    expect(dashboard.state).toBe(before);
    await pressed(dashboard, '/');
    dashboard.paste('a\r\nq\x1b[2J');
    expect(dashboard.state.prompt?.line.text).toBe('a q[2J');
    expect(dashboard.state.quit).toBe(false);
    dashboard.stop();
  });

  it('that the engine is still reading the past for is asked again soon, also while paused', async () => {
    const { dashboard, asked, last } = await opened();
    await pressed(dashboard, '/');
    await typed(dashboard, 'method=PUT');
    press(dashboard, ' ');
    await last().answer(busy());
    const before = asked.length;
    await last().answer(busy({ filter: 'method=PUT', filterCoverage: { from: null, reading: true } }));
    await vi.advanceTimersByTimeAsync(300);
    expect(asked.length).toBeGreaterThan(before);
    dashboard.stop();
  });
});

describe('a row that is opened', () => {
  it('asks for its own Snapshot, keeps the whole one for the way back', async () => {
    const { dashboard, last } = await opened();
    await pressed(dashboard, 'return');
    expect(dashboard.state.detail?.target).toMatchObject({ kind: 'path', method: 'GET', path: '/reports/{id}' });
    expect(last()).toMatchObject({ filter: 'method="GET" and route="/reports/{id}"', heatMap: true });
    expect(dashboard.hasDetail).toBe(false);
    await last().answer(busy({ filter: 'mine' }));
    expect(dashboard.hasDetail).toBe(true);
    expect(dashboard.context()?.snapshot.filter).toBe('mine');
    press(dashboard, 'escape');
    expect(dashboard.context()?.snapshot.filter).toBeNull();
    expect(last().filter).toBeNull();
    dashboard.stop();
  });

  it('is looked for within the filter in force', async () => {
    const { dashboard, last } = await opened();
    await pressed(dashboard, '/');
    await typed(dashboard, 'status>=500');
    await last().answer(busy({ filter: 'status>=500' }));
    await pressed(dashboard, '5', 'return');
    expect(last()).toMatchObject({
      filter: '(status>=500) and (worker=26197)',
      recorded: { worker: 26197, startedAt: iso(273_600) },
    });
    dashboard.stop();
  });

  it('of alerts and events is there at once: no filter touches them', async () => {
    const { dashboard, last } = await opened();
    await pressed(dashboard, '7', 'return');
    expect(dashboard.hasDetail).toBe(true);
    press(dashboard, 'escape', '6');
    await pressed(dashboard, 'return');
    expect(last().recorded).toMatchObject({ alert: expect.any(String) });
    dashboard.stop();
  });

  it('is the selected one on the way back, whatever has come above it', async () => {
    const { dashboard, last } = await opened();
    await pressed(dashboard, '7', 'return');
    const target = dashboard.state.detail?.target;
    const event = target?.kind === 'event' ? target.event : null;
    const { events } = busy();
    expect(event?.text).toBe(events[0]?.text);
    await vi.advanceTimersByTimeAsync(1000);
    await last().answer(busy({ events: [{ ...events[0], at: iso(0), text: 'just now' } as EventRow, ...events] }));
    press(dashboard, 'escape');
    await pressed(dashboard, 'return');
    expect(dashboard.state.detail?.target).toMatchObject({ event: { text: event?.text } });
    dashboard.stop();
  });

  it('scrolls instead of moving the row, and closes when another pane is asked for', async () => {
    const { dashboard, last } = await opened({ columns: 80, rows: 24 });
    await pressed(dashboard, 'return');
    await last().answer(busy());
    press(dashboard, 'G');
    expect(dashboard.state.detail?.scroll).toBeGreaterThan(0);
    expect(tableState(dashboard.state, 'paths').selected).toMatchObject({ index: 0 });
    press(dashboard, '5');
    expect(dashboard.state).toMatchObject({ detail: null, focus: 'workers' });
    dashboard.stop();
  });

  it('in the status pane is what was thrown', async () => {
    const { dashboard, last } = bench();
    dashboard.start();
    await last().answer(busy({ errors: [anErrorGroup()] }));
    await pressed(dashboard, '3', 'return');
    expect(dashboard.state.detail).toMatchObject({ target: { kind: 'errors' }, from: 'status' });
    expect(dashboard.hasDetail).toBe(true);
    press(dashboard, 'escape');
    expect(dashboard.state).toMatchObject({ detail: null, zoomed: false });
    dashboard.stop();
  });

  it('is the pane itself where it has no rows, and nothing is left without an answer', async () => {
    const { dashboard, last } = bench();
    dashboard.start();
    await last().answer(busy({ alerts: [], errors: [] }));
    for (const pane of ['1', '2', '3', '6']) {
      await pressed(dashboard, pane, 'return');
      expect(dashboard.state).toMatchObject({ detail: null, zoomed: true });
      await pressed(dashboard, 'return');
      expect(dashboard.state.message?.text).toMatch(/has no row to open/);
      press(dashboard, 'escape');
      expect(dashboard.state.zoomed).toBe(false);
    }
    dashboard.stop();
  });

  it('with a name that no filter can hold says so', async () => {
    const { dashboard, last } = bench();
    dashboard.start();
    const [first] = busy().paths;
    await last().answer(busy({ paths: first ? [{ ...first, path: `/${'x'.repeat(1000)}` }] : [] }));
    await pressed(dashboard, 'return');
    expect(dashboard.state.detail).toBeNull();
    expect(dashboard.state.message?.text).toMatch(/too long/);
    dashboard.stop();
  });
});

describe('going back in time', () => {
  it('asks for the moment a tick ago, ten ticks, and live again at the end', async () => {
    const { dashboard, last } = await opened();
    press(dashboard, '[');
    expect(last().atMs).toBe(NOW_MS - 1000);
    await last().answer(busy());
    press(dashboard, '{');
    await last().answer(busy());
    expect(last().atMs).toBe(NOW_MS - 11_000);
    press(dashboard, '}');
    await last().answer(busy());
    press(dashboard, ']');
    expect(dashboard.state.paused).toBeNull();
    expect(last().atMs).toBeNull();
    dashboard.stop();
  });

  it('steps by the refresh where that is slower, and comes back by Space', async () => {
    const { dashboard, last } = await opened();
    press(dashboard, '-', '-', '[');
    expect(last().atMs).toBe(NOW_MS - 5000);
    press(dashboard, ' ');
    expect(dashboard.state.paused).toBeNull();
    press(dashboard, ']');
    expect(dashboard.state.paused).toBeNull();
    dashboard.stop();
  });

  it.each([
    ['-5m', NOW_MS - 300_000],
    ['12:00', Date.UTC(2026, 10, 21, 12)],
    ['12:30', Date.UTC(2026, 10, 20, 12, 30)],
    ['2026-11-21T11:00Z', Date.UTC(2026, 10, 21, 11)],
  ])('goto %s', async (text, atMs) => {
    const { dashboard } = await opened();
    await pressed(dashboard, ':');
    await typed(dashboard, `goto ${text}`);
    expect(dashboard.state.paused).toMatchObject({ atMs, isPast: true });
    dashboard.stop();
  });

  it('goes by the clock of a replay', async () => {
    const { dashboard, last } = bench();
    dashboard.start();
    await last().answer(busy({ generatedAt: iso(86_400), replay: { speed: 10, ended: false } }));
    await vi.advanceTimersByTimeAsync(2000);
    expect(dashboard.liveMs()).toBe(NOW_MS - 86_400_000 + 20_000);
    dashboard.stop();
  });
});

describe('a part of gtop that is not there any more, as gtop was updated while it ran', () => {
  const gone = (): Promise<never> =>
    Promise.reject(
      Object.assign(new Error("ENOENT: no such file or directory, open '/x/part.cjs'"), { code: 'ENOENT' }),
    );
  const parts = (onLoaded: () => void, onFailed: (error: Error) => void): Parts => ({
    overlays: new Lazy(gone, onLoaded, onFailed),
    details: new Lazy(gone, onLoaded, onFailed),
    advice: new Lazy(gone, onLoaded, onFailed),
  });

  it.each([[['?']], [['return']], [['s']], [['v']], [['/']], [['/', 'x', 'return']], [[':', 'q', 'return']]])(
    'is told after %j, and the screen goes on',
    async (keys) => {
      const { dashboard, last } = bench(undefined, { parts });
      dashboard.start();
      await last().answer(busy());
      for (const key of keys) await pressed(dashboard, key);
      expect(dashboard.state.message?.text).toBe(
        'gtop was updated or removed since it started: quit and start it again',
      );
      expect(dashboard.state.overlay).toBeNull();
      await pressed(dashboard, 'escape', 'q');
      expect(dashboard.state.quit).toBe(true);
      dashboard.stop();
    },
  );

  it('is named where it is there and cannot be loaded', async () => {
    const failures: string[] = [];
    const broken = new Lazy(
      () => Promise.reject(new Error('out of memory')),
      () => {},
      ({ message }) => failures.push(message),
    );
    expect(broken.now).toBeNull();
    await expect(broken.get()).rejects.toThrow('a part of gtop cannot be loaded: out of memory');
    expect(failures).toEqual(['a part of gtop cannot be loaded: out of memory']);
  });
});

describe('the command line', () => {
  it.each([
    ['window 5m', { windowSeconds: 300 }],
    ['window all', { windowSeconds: null }],
    ['delay 2s', { delayMs: 2000 }],
    ['theme mono', { theme: 'mono' }],
    ['pane slow', { focus: 'slow' }],
    ['zoom', { zoomed: true }],
    ['mask', { masked: true }],
    ['filter status>=500', { filter: 'status>=500' }],
    ['quit', { quit: true }],
    ['q', { quit: true }],
    ['q!', { quit: true }],
    ['wq', { quit: true }],
    ['qu', { quit: true }],
    ['h', { overlay: { kind: 'help' } }],
    ['wind 5m', { windowSeconds: 300 }],
    ['pane wo', { focus: 'workers' }],
    ['theme li', { theme: 'light' }],
    ['search status>=500', { filter: 'status>=500' }],
  ])('%s', async (line, state) => {
    const { dashboard } = await opened();
    await pressed(dashboard, ':');
    await typed(dashboard, line);
    expect(dashboard.state).toMatchObject({ prompt: null, ...state });
    dashboard.stop();
  });

  it.each([
    ['window soon', "'soon' is no window: write 10s, 1m, 5m, 15m, 1h or all"],
    ['delay 0', "'0' is no delay: write 500ms, 1s or 10s"],
    ['pane seven', "no pane 'seven': traffic, latency, status, paths, workers, alerts, events, system, clients, slow"],
    ['theme pink', "no theme 'pink': default, light, mono, high-contrast"],
    ['goto soon', "'soon' is no time: write 14:03, 14:03:12, -5m or 2026-11-21T14:03"],
    ['goto 2126-11-21', '00:00:00 is still to come'],
  ])('%s: %s', async (line, says) => {
    const { dashboard } = await opened();
    await pressed(dashboard, ':');
    await typed(dashboard, line);
    expect(dashboard.state.message?.text).toBe(says);
    dashboard.stop();
  });

  it.each([
    ['nonsense', "no command 'nonsense': Tab shows them all"],
    ['up', "no command 'up': Tab shows them all"],
    ['e', "'e' may be earlier, export"],
    ['goto', 'goto needs TIME'],
    ['go', 'goto needs TIME'],
    ['zoom 3', 'zoom takes nothing behind it'],
  ])('%s is refused: %s', async (line, complaint) => {
    const { dashboard } = await opened();
    await pressed(dashboard, ':');
    await typed(dashboard, line);
    expect(dashboard.state.prompt).toMatchObject({ isRefused: true, advice: { complaint } });
    dashboard.stop();
  });
});

describe('masking', () => {
  it('hides on the screen and in exports, without asking again, and lets go', async () => {
    const { dashboard, asked, exported } = await opened();
    press(dashboard, '9', 'm');
    expect(asked).toHaveLength(1);
    expect(dashboard.context()?.snapshot.clients.addresses[0]?.value).toMatch(/0\/24$/);
    await pressed(dashboard, 'e');
    expect(JSON.stringify(exported)).not.toContain('10.0.0.7');
    press(dashboard, 'm');
    expect(dashboard.context()?.snapshot.clients.addresses[0]?.value).not.toContain('/24');
    dashboard.stop();
  });
});

describe('copying', () => {
  it('hands over the cells of the selected row', async () => {
    const { dashboard, copied } = await opened();
    press(dashboard, 'j', 'y');
    expect(copied[0]?.split('\t').at(-1)).toBe('GET /');
    expect(copied[0]?.split('\t').length).toBeGreaterThan(3);
    dashboard.stop();
  });

  it('hands over all of an event and of an entry among the raw lines: a traceback is worth nothing by its title', async () => {
    const details = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\x1b[2J';
    const event = anEvent({ at: iso(30), text: 'worker 7 killed', details });
    const { dashboard, copied, tell } = await opened();
    await dashboard.parts.details.get();
    dashboard.dispatch({ type: 'detail', target: { kind: 'event', event } });
    await pressed(dashboard, 'y');
    const safe = details.replace('\x1b', '\\x1b');
    expect(copied.at(-1)).toBe(`2026-11-21 12:03:14 worker 7 killed\n${safe}`);
    expect(dashboard.state.message?.text).toMatch(/: 2026-11-21 12:03:14 worker 7 killed … and 3 more lines$/);
    tell(aLine('[ERROR] it failed\nTraceback\nKeyError: 1', { kind: 'error' }));
    await pressed(dashboard, 'v', 'y');
    expect(copied.at(-1)).toBe('[ERROR] it failed\nTraceback\nKeyError: 1');
    dashboard.stop();
  });

  it('says where there is nothing to copy', async () => {
    const { dashboard, copied } = await opened();
    press(dashboard, '1', 'y');
    expect(copied).toEqual([]);
    expect(dashboard.state.message?.text).toBe('Traffic has no row to copy');
    dashboard.stop();
  });
});

describe('raw lines', () => {
  it('are of an event the entries up to it, and the requests of its worker and of its path', async () => {
    const event = anEvent({ at: iso(30), worker: 26190, method: 'GET', path: '/reports/9912' });
    const { dashboard, linesAsked } = await opened();
    dashboard.dispatch({ type: 'detail', target: { kind: 'event', event } });
    await pressed(dashboard, 'v');
    expect(linesAsked).toEqual([
      '(not kind=access or worker=26190 or path="/reports/9912") and (time<=2026-11-21T12:03:15Z)',
    ]);
  });

  it('are asked for while they are looked at, with the filter in force, and left alone while held', async () => {
    const { dashboard, linesAsked, tell } = await opened();
    tell(...Array.from({ length: 100 }, (_, index) => aLine(`line ${index}`)));
    expect(linesAsked).toEqual([]);
    await pressed(dashboard, 'v');
    expect(linesAsked).toEqual([null]);
    expect(dashboard.context()?.lines?.lines).toHaveLength(100);
    await vi.advanceTimersByTimeAsync(1000);
    expect(linesAsked.length).toBe(2);
    press(dashboard, 'k');
    await vi.advanceTimersByTimeAsync(3000);
    expect(linesAsked.length).toBe(2);
    press(dashboard, 'G');
    await vi.advanceTimersByTimeAsync(0);
    expect(linesAsked.length).toBe(3);
    await pressed(dashboard, '/');
    await typed(dashboard, 'status=404');
    expect(dashboard.state.overlay?.kind).toBe('lines');
    expect(linesAsked.at(-1)).toBe('status=404');
    press(dashboard, 'escape');
    expect(dashboard.context()?.lines).toBeNull();
    dashboard.stop();
  });

  it('are those of the moment that is shown, where the picture stands still', async () => {
    const { dashboard, linesAsked } = await opened();
    await pressed(dashboard, ' ', 'v');
    expect(linesAsked.at(-1)).toBe('time<=2026-11-21T12:03:44Z');
    await pressed(dashboard, '{');
    expect(linesAsked.at(-1)).toBe('time<=2026-11-21T12:03:34Z');
    await pressed(dashboard, '/');
    await typed(dashboard, 'status=404');
    expect(linesAsked.at(-1)).toBe('(status=404) and (time<=2026-11-21T12:03:34Z)');
    await pressed(dashboard, ' ');
    expect(linesAsked.at(-1)).toBe('status=404');
    dashboard.stop();
  });

  it('are safe to draw, and masked when that is asked for', async () => {
    const { dashboard, tell } = await opened();
    tell(aLine(`10.0.0.7 - - "GET /a?token=x" \x1b]0;owned\x07`), aLine('Traceback\n  line 2', { kind: 'error' }));
    await pressed(dashboard, 'v');
    expect(dashboard.context()?.lines?.lines.map(({ text }) => text)).toEqual([
      '10.0.0.7 - - "GET /a?token=x" \\x1b]0;owned\\x07',
      'Traceback',
      '  line 2',
    ]);
    press(dashboard, 'm');
    expect(dashboard.context()?.lines?.lines[0]?.text).toContain('10.0.0.0/24 - - "GET /a?***');
    dashboard.stop();
  });
});

describe('actions', () => {
  const menu = async () => {
    const parts = await opened(undefined, { allowActions: true });
    await pressed(parts.dashboard, '5', 'x');
    return parts;
  };

  it('are not to be had of a log of the past', async () => {
    const { dashboard, last } = bench(undefined, { allowActions: true });
    dashboard.start();
    await last().answer(busy({ replay: { speed: 20, ended: false } }));
    await pressed(dashboard, 'x');
    expect(dashboard.state.overlay).toBeNull();
    expect(dashboard.state.message?.text).toMatch(/log of the past/);
    dashboard.stop();
  });

  it('are off unless they were allowed', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, 'x');
    expect(dashboard.state.overlay).toBeNull();
    expect(dashboard.state.message?.text).toContain('--allow-actions');
    dashboard.stop();
  });

  it('stand on Cancel, in the menu and in the question', async () => {
    const { dashboard, acted } = await menu();
    expect(dashboard.state.overlay).toMatchObject({ kind: 'actions', index: 0 });
    await pressed(dashboard, 'return');
    expect(dashboard.state.overlay).toBeNull();
    await pressed(dashboard, 'x', 'j', 'j', 'return');
    expect(dashboard.state.overlay).toMatchObject({ kind: 'confirm', action: 'reload', index: 0 });
    await pressed(dashboard, 'return');
    expect(acted).toEqual([]);
    dashboard.stop();
  });

  it('name the process as it was shown when the menu was opened', async () => {
    const { dashboard, acted, last } = await menu();
    await vi.advanceTimersByTimeAsync(1000);
    await last().answer(busy({ master: null, masters: [], workers: [] }));
    await pressed(dashboard, 'j', 'j', 'return', 'j', 'return');
    expect(acted).toEqual([{ action: 'reload', pid: 26188, startedAt: iso(273_660) }]);
    expect(dashboard.state.message?.text).toBe('sent');
    dashboard.stop();
  });

  it('stop the worker that is selected', async () => {
    const { dashboard, acted } = await menu();
    await pressed(dashboard, 'j', 'j', 'j', 'j', 'j', 'return', 'j', 'return');
    expect(acted).toEqual([{ action: 'worker-stop', pid: 26197, startedAt: iso(273_600) }]);
    dashboard.stop();
  });

  it('need a worker to stop one', async () => {
    const { dashboard } = await opened(undefined, { allowActions: true });
    await pressed(dashboard, '4', 'x', 'j', 'j', 'j', 'j', 'j', 'return');
    expect(dashboard.state.message?.text).toBe('no worker is selected: choose one in pane 5, then x');
    dashboard.stop();
  });

  it('are for what is there now', async () => {
    const { dashboard } = await opened(undefined, { allowActions: true });
    await pressed(dashboard, '[', 'x');
    expect(dashboard.state.overlay).toBeNull();
    expect(dashboard.state.message?.text).toMatch(/^this is a moment of the past/);
    dashboard.stop();
  });
});

describe('the mouse', () => {
  const at = (dashboard: Dashboard, x: number, y: number, kind: 'press' | 'wheel-down' | 'wheel-up' = 'press') =>
    dashboard.mouse({ kind, button: 0, x, y });
  const rectOf = (dashboard: Dashboard, id: string) => {
    const found = dashboard.layout().panes.find((pane) => pane.id === id);
    if (found === undefined) throw new Error(`no pane ${id}`);
    return found.rect;
  };

  it('focuses, selects, and opens on the second click', async () => {
    const { dashboard } = await opened();
    const { x, y } = rectOf(dashboard, 'workers');
    at(dashboard, x + 5, y + 3);
    expect(dashboard.state.focus).toBe('workers');
    expect(tableState(dashboard.state, 'workers').selected).toEqual({ key: '26198', index: 1 });
    at(dashboard, x + 5, y + 3);
    await pressed(dashboard);
    expect(dashboard.state.detail?.target).toMatchObject({ kind: 'worker', pid: 26198 });
    dashboard.stop();
  });

  it('sorts by the heading that is clicked at', async () => {
    const { dashboard } = await opened();
    const { x, y } = rectOf(dashboard, 'paths');
    at(dashboard, x + 5, y + 1);
    expect(tableState(dashboard.state, 'paths')).toMatchObject({ sort: 'time', reversed: true });
    dashboard.stop();
  });

  it('scrolls what is under the wheel', async () => {
    const { dashboard } = await opened();
    const { x, y } = rectOf(dashboard, 'paths');
    at(dashboard, x + 5, y + 5, 'wheel-down');
    expect(tableState(dashboard.state, 'paths').selected?.index).toBe(3);
    at(dashboard, x + 5, y + 5, 'wheel-up');
    expect(tableState(dashboard.state, 'paths').selected?.index).toBe(0);
    dashboard.stop();
  });

  it('does nothing to what lies under a menu', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, 's');
    at(dashboard, 2, 2);
    expect(dashboard.state.focus).toBe('paths');
    dashboard.stop();
  });
});

describe('Alt', () => {
  it('is Esc and the key: over a slow line they arrive together', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, '?');
    press(dashboard, 'alt-z');
    expect(dashboard.state).toMatchObject({ overlay: null, zoomed: true });
    dashboard.stop();
  });

  it('goes by words in a line that is typed', async () => {
    const { dashboard } = await opened();
    await pressed(dashboard, '/', ...'one two', 'alt-b');
    expect(dashboard.state.prompt?.line).toEqual({ text: 'one two', cursor: 4 });
    dashboard.stop();
  });
});
