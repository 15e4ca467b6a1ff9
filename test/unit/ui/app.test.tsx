import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import App from '../../../src/ui/app.tsx';
import { createTheme, type Painter } from '../../../src/ui/canvas/index.ts';
import { Dashboard } from '../../../src/ui/dashboard.ts';
import { type InkApp, runInk } from '../../../src/ui/render.tsx';
import type { Terminal } from '../../../src/ui/terminal/index.ts';
import { TerminalInput } from '../../../src/ui/terminal/input.ts';
import { busy, hostile } from '../../support/snapshots.ts';
import { Emulator } from './canvas/emulator.ts';

class Keyboard extends EventEmitter {
  setRawMode(): void {}
  setEncoding(): void {}
  ref(): void {}
  unref(): void {}
}

let running: { app: InkApp; dashboard: Dashboard } | null = null;

afterEach(async () => {
  running?.dashboard.stop();
  running?.app.unmount();
  await running?.app.waitUntilExit();
  running = null;
});

/** The whole screen on an emulated terminal. */
function open(
  columns: number,
  rows: number,
  { snapshot = busy(), ascii = false }: { snapshot?: Snapshot | null; ascii?: boolean } = {},
) {
  const target = new Emulator(columns, rows);
  const keyboard = new Keyboard();
  const terminal = {
    input: new TerminalInput(keyboard as unknown as ReadStream),
    output: target,
    enter() {},
    leave() {},
  } as unknown as Terminal;
  let painter: Painter | null = null;
  const dashboard = new Dashboard({
    feed: {
      // Null: the engine is still reading.
      request: () => (snapshot === null ? new Promise(() => {}) : Promise.resolve(snapshot)),
      lines: async ({ filter }) => ({ filter, lines: [], reading: false }),
      export: async () => '/tmp/x.json',
      onFailure() {},
    },
    windowSeconds: 60,
    delayMs: 10_000,
    theme: 'default',
    timeZone: 'utc',
    ascii,
    size: () => target,
    paint: () => painter?.schedule(),
    repaint: () => painter?.repaint(),
  });
  const element = <App dashboard={dashboard} ascii={ascii} colorDepth={8} outputBytesPerSecond={() => 1234} />;
  dashboard.start();
  const app = runInk(element, terminal, { theme: createTheme('default', 8), maxFps: 1000 });
  painter = app.painter;
  running = { app, dashboard };
  let inkWrites = 0;
  app.painter.screen.on('change', () => inkWrites++);
  return {
    target,
    app,
    dashboard,
    inkWrites: () => inkWrites,
    press: (keys: string) => keyboard.emit('data', keys),
    /** Waits until the screen shows all of these; answers with its lines. */
    async shows(...texts: readonly string[]): Promise<string[]> {
      await vi.waitFor(async () => {
        await target.settle();
        const screen = target.lines().join('\n');
        for (const text of texts) expect(screen).toContain(text);
      }, 5000);
      return target.lines();
    },
  };
}

/** The left side of every frame goes down to its corner: nothing inside has pushed it. */
function expectWholeFrames(target: Emulator): void {
  const at = (x: number, y: number): string => target.look(x, y).text;
  let frames = 0;
  for (let y = 0; y < target.rows - 1; y++) {
    for (let x = 0; x < target.columns - 2; x++) {
      const corner = at(x, y);
      // A corner in a chart has no name behind it.
      if (!'╭┏'.includes(corner) || corner === '' || !/^[ >][0-9HS]/.test(at(x + 1, y) + at(x + 2, y))) continue;
      let bottom = y + 1;
      while (at(x, bottom) === (corner === '╭' ? '│' : '┃')) bottom++;
      expect(at(x, bottom), `at ${x},${bottom}:\n${target.lines().join('\n')}`).toBe(corner === '╭' ? '╰' : '┗');
      frames++;
    }
  }
  expect(frames).toBeGreaterThan(0);
}

describe('the screen', () => {
  it('says that it reads, until there is something to show', async () => {
    const { shows } = open(80, 24, { snapshot: null });
    expect((await shows('4 Paths', 'reading'))[1]).toBe(' – reading …');
  });

  it('160×45 shows all seven panes under header and verdict', async () => {
    const { shows, target } = open(160, 45);
    const lines = await shows('1 Traffic', '7 Events', 'GET /reports/{id}', 'gtop  1.1% 78.0M 1.23kB/s');
    expect(lines[0]).toContain(
      'gtop  app:app · gunicorn 26.2.0 gthread 4×8 · master 26188 · up 3d04h · 127.0.0.1:8000',
    );
    expect(lines[0]).toMatch(/LIVE · window 1m · 12:03:44 UTC$/);
    expect(lines[1]).toMatch(/✖ SATURATED {2}4\/4 workers busy .* ✖ 2 firing$/);
    for (const title of ['2 Latency', '3 Status', '>4 Paths', '5 Workers', '6 Alerts']) {
      expect(lines.join('\n')).toContain(title);
    }
    expectWholeFrames(target);
  });

  it.each([
    [160, 45],
    [120, 30],
    [80, 24],
    [60, 15],
  ])('%d×%d keeps its frames whole, whatever the log says', async (columns, rows) => {
    const { shows, target } = open(columns, rows, { snapshot: hostile() });
    const lines = await shows('\\x1b]0;owned');
    expectWholeFrames(target);
    expect(lines).toHaveLength(rows);
  });

  it('38×9 is one line, and the verdict below it', async () => {
    const lines = await open(38, 9).shows('842/s');
    expect(lines.filter((line) => line !== '')).toEqual([
      expect.stringMatching(/^✖ 842\/s p95 182ms 5xx 0\.42% CRITICAL/),
      '✖ 4/4 workers busy for 38 s',
    ]);
  });

  it('draws no frame of Ink for a tick or a moved row', async () => {
    const { shows, press, inkWrites, dashboard } = open(160, 45);
    await shows('>   71.2');
    const before = inkWrites();
    press('j');
    await shows('>   9.40');
    dashboard.notify('a tick');
    await shows('a tick');
    expect(inkWrites()).toBe(before);
  });

  it('shows focus by border and mark, zooms and comes back', async () => {
    const { shows, press, target } = open(120, 30);
    await shows('┏>4 Paths ━');
    press('\t');
    await shows('┏>5 Workers ━', '╭ 4 Paths ─');
    expectWholeFrames(target);
    press('z');
    expect((await shows('CLIENT')).join('\n')).not.toContain('4 Paths');
    press('\x1b');
    await shows('4 Paths');
  });

  it('opens the help over the panes and closes it without a trace', async () => {
    const { shows, press, target } = open(120, 30);
    const before = await shows('>   71.2', '4 busy');
    press('?');
    await shows('┏>Help: 4 Paths', 'share of all worker time', '? q Esc close');
    press('q');
    await vi.waitFor(async () => {
      await target.settle();
      expect(target.lines()).toEqual(before);
    });
  });

  it('follows a resize', async () => {
    const { shows, target } = open(160, 45);
    await shows('1 Traffic');
    target.resize(80, 24);
    const lines = await shows(' 1 Traffic   842/s', '┏>4 Paths');
    expect(lines).toHaveLength(24);
    expectWholeFrames(target);
  });

  it('runs no part of a paste', async () => {
    const { shows, press, dashboard } = open(120, 30);
    await shows('>   71.2');
    press('\x1b[200~q w e\x1b[201~');
    press('j');
    await shows('>   9.40');
    expect(dashboard.state).toMatchObject({ quit: false, windowSeconds: 60, message: null });
  });

  it('is 7 bits from border to border when asked for', async () => {
    const lines = await open(160, 45, { snapshot: hostile(), ascii: true }).shows('+>4 Paths ==');
    expect(lines.join('')).toMatch(/^[ -~]*$/);
  });

  it('ends on q', async () => {
    const { shows, press, app } = open(80, 24);
    await shows('4 Paths');
    press('q');
    await app.waitUntilExit();
  });
});
