/** Ink on our terminal. */
import '../polyfills.ts';
import chalk from 'chalk';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { PainterContext } from './canvas/canvas.tsx';
import { Painter } from './canvas/painter.ts';
import type { Theme } from './canvas/theme.ts';
import type { Terminal } from './terminal/index.ts';

export interface InkOptions {
  /**
   * How often Ink may draw boxes and texts (default 30); canvases are painted whenever they ask. A frame of Ink's costs
   * 5 ms at 160×45, only after a key or a resize; at 10 per second a key could wait 100 ms for its effect.
   */
  readonly maxFps?: number;
  readonly theme: Theme;
}

export interface InkApp {
  readonly painter: Painter;
  /** Ends the app; `waitUntilExit` then resolves. */
  unmount(): void;
  /** Resolves when the app has ended and the terminal is given back; rejects with what a component threw. */
  waitUntilExit(): Promise<void>;
}

/** Takes the terminal, shows `element` on it, and gives the terminal back when that ends. */
export function runInk(element: ReactNode, terminal: Terminal, { maxFps = 30, theme }: InkOptions): InkApp {
  // Themes choose colours that the terminal has; Ink's own guess would be of standard output.
  chalk.level = 3;
  terminal.enter();
  const painter = new Painter(terminal.output, theme);
  const app = render(<PainterContext value={painter}>{element}</PainterContext>, {
    stdout: painter.screen as unknown as NodeJS.WriteStream,
    stdin: terminal.input as unknown as NodeJS.ReadStream,
    onRender: painter.layout,
    maxFps,
    // Ink would draw nothing at all where the environment says CI.
    interactive: true,
    // The painter compares cells; Ink's comparison of lines would come on top.
    incrementalRendering: false,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const exit = app.waitUntilExit().then(
    () => finish(),
    (error: unknown) => {
      finish();
      throw error;
    },
  );
  // Whoever waits hears of it.
  exit.catch(() => {});

  function finish(): void {
    painter.stop();
    terminal.leave();
  }

  return {
    painter,
    unmount: () => app.unmount(),
    waitUntilExit: () => exit,
  };
}
