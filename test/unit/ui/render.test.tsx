import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import { Box, Text, useInput, useWindowSize } from 'ink';
import { type ReactNode, useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Canvas, createTheme, type Draw, Overlay } from '../../../src/ui/canvas/index.ts';
import { type InkApp, runInk } from '../../../src/ui/render.tsx';
import type { Terminal } from '../../../src/ui/terminal/index.ts';
import { TerminalInput } from '../../../src/ui/terminal/input.ts';
import { Emulator } from './canvas/emulator.ts';

class Keyboard extends EventEmitter {
  setRawMode(): void {}
  setEncoding(): void {}
  ref(): void {}
  unref(): void {}
}

interface Bench {
  readonly app: InkApp;
  readonly target: Emulator;
  readonly calls: string[];
  /** How often Ink wrote since the last call. */
  inkWrites(): number;
  press(keys: string): void;
  /** Waits until the screen shows these rows; what Ink and React have to do first takes a few turns. */
  shows(...rows: readonly string[]): Promise<void>;
}

let running: InkApp | null = null;

afterEach(async () => {
  running?.unmount();
  await running?.waitUntilExit().catch(() => {});
  running = null;
});

function open(element: ReactNode, columns = 20, rows = 6): Bench {
  const target = new Emulator(columns, rows);
  const keyboard = new Keyboard();
  const calls: string[] = [];
  const terminal = {
    input: new TerminalInput(keyboard as unknown as ReadStream),
    output: target,
    enter: () => calls.push('enter'),
    leave: () => calls.push('leave'),
  } as unknown as Terminal;
  const app = runInk(element, terminal, { theme: createTheme('default', 8), maxFps: 1000 });
  running = app;
  let writes = 0;
  app.painter.screen.on('change', () => writes++);
  return {
    app,
    target,
    calls,
    inkWrites() {
      const count = writes;
      writes = 0;
      return count;
    },
    press: (keys) => keyboard.emit('data', keys),
    shows: (...rows) =>
      vi.waitFor(async () => {
        await target.settle();
        expect(target.lines()).toEqual(rows);
      }),
  };
}

const say =
  (text: string): Draw =>
  (surface) => {
    surface.text(0, 0, text);
  };

let setDraw: (draw: Draw) => void = () => {};

function ChangingDraw() {
  const [draw, set] = useState<Draw>(() => say('one'));
  setDraw = (next) => set(() => next);
  return <Canvas draw={draw} width={10} height={1} />;
}

let setAbove: (rows: number) => void = () => {};

/** A canvas below so many rows; from three rows on it is gone. */
function Moving() {
  const [above, set] = useState(0);
  setAbove = set;
  return (
    <Box flexDirection="column">
      <Box height={above} flexShrink={0} />
      {above < 3 && <Canvas draw={say('here')} height={1} width={8} />}
      <Text>end</Text>
    </Box>
  );
}

function Full() {
  const { columns, rows } = useWindowSize();
  return (
    <Box width={columns} height={rows}>
      <Canvas draw={({ fill, width, height }) => fill(0, 0, width, height, '#')} flexGrow={1} />
    </Box>
  );
}

/** Any key opens and closes the help. */
function WithHelp() {
  const [isOpen, setOpen] = useState(false);
  useInput(() => setOpen((is) => !is));
  return (
    <Box width={10} height={5}>
      {isOpen && (
        <Overlay left={2} top={1} width={6} height={3} borderStyle="single">
          <Canvas draw={say('help')} flexGrow={1} />
        </Overlay>
      )}
      <Canvas draw={({ fill, width, height }) => fill(0, 0, width, height, '.')} flexGrow={1} />
    </Box>
  );
}

function Broken(): ReactNode {
  throw new Error('broken');
}

describe('a canvas', () => {
  it('fills its box inside borders that Ink draws', async () => {
    const { shows } = open(
      <Box width={12} height={4} borderStyle="single" padding={0}>
        <Canvas draw={(surface) => surface.fill(0, 0, surface.width, surface.height, '#')} flexGrow={1} />
      </Box>,
    );
    await shows('┌──────────┐', '│##########│', '│##########│', '└──────────┘', '', '');
  });

  it('paints a new drawing without a frame of Ink', async () => {
    const { shows, inkWrites } = open(<ChangingDraw />);
    await shows('one', '', '', '', '', '');
    inkWrites();
    setDraw(say('two'));
    await shows('two', '', '', '', '', '');
    expect(inkWrites()).toBe(0);
  });

  it('moves with the layout, goes with its box, and leaves nothing behind', async () => {
    const { shows } = open(<Moving />);
    await shows('here', 'end', '', '', '', '');
    setAbove(2);
    await shows('', '', 'here', 'end', '', '');
    setAbove(3);
    await shows('', '', '', 'end', '', '');
  });

  it('is cut off by its parents', async () => {
    const { shows } = open(
      <Box width={6} height={1} overflow="hidden">
        <Canvas draw={say('abcdefghij')} width={10} height={3} flexShrink={0} />
      </Box>,
    );
    await shows('abcdef', '', '', '', '', '');
  });

  it('follows the size of the terminal', async () => {
    const { shows, target } = open(<Full />, 4, 2);
    await shows('####', '####');
    for (const [columns, rows] of [
      [7, 3],
      [3, 1],
      [10, 5],
    ] as const) {
      target.resize(columns, rows);
      await shows(...Array<string>(rows).fill('#'.repeat(columns)));
    }
  });

  it('takes its space and draws nothing where there is no painter', async () => {
    const { renderToString } = await import('ink');
    const text = renderToString(
      <Box flexDirection="column">
        <Canvas draw={say('unseen')} height={2} />
        <Text>below</Text>
      </Box>,
    );
    expect(text).toBe('\n\nbelow');
  });
});

describe('an overlay', () => {
  it('hides the canvases below it, shows its own, and gives all back', async () => {
    const { shows, press } = open(<WithHelp />, 10, 5);
    const dots = '..........';
    await shows(dots, dots, dots, dots, dots);
    press('?');
    await shows(dots, '..┌────┐..', '..│help│..', '..└────┘..', dots);
    press('?');
    await shows(dots, dots, dots, dots, dots);
  });
});

describe('the app', () => {
  it('takes the terminal, and gives it back when it ends', async () => {
    const { app, calls } = open(<Text>hello</Text>);
    expect(calls).toEqual(['enter']);
    app.unmount();
    await app.waitUntilExit();
    expect(calls).toEqual(['enter', 'leave']);
  });

  it('hands on what a component throws, after the terminal was given back', async () => {
    const { app, calls } = open(<Broken />);
    await expect(app.waitUntilExit()).rejects.toThrow('broken');
    expect(calls).toEqual(['enter', 'leave']);
  });

  it('that is too tall shows its end, as on any terminal', async () => {
    const { shows } = open(
      <Box flexDirection="column">
        {Array.from({ length: 9 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change
          <Text key={i}>row {i}</Text>
        ))}
      </Box>,
      10,
      3,
    );
    await shows('row 6', 'row 7', 'row 8');
  });
});
