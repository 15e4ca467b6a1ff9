/** Ink on our terminal. */
import '../polyfills.ts';
import chalk from 'chalk';
import { render } from 'ink';
import { Component, type ReactNode } from 'react';
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
  let failure: { readonly error: unknown } | null = null;
  const fail = (error: unknown): void => {
    failure ??= { error };
    // Not in the middle of React's work.
    queueMicrotask(() => app.unmount());
  };
  const app = render(
    <PainterContext value={painter}>
      <Boundary onError={fail}>{element}</Boundary>
    </PainterContext>,
    {
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
    },
  );
  const exit = app.waitUntilExit().then(() => {
    painter.stop();
    terminal.leave();
    if (failure !== null) throw failure.error;
  });
  // It is for whoever waits to hear of it.
  exit.catch(() => {});

  return {
    painter,
    unmount: () => app.unmount(),
    waitUntilExit: () => exit,
  };
}

/** Takes what a component throws in place of Ink, which would draw the source around it: half a second for a bundle. */
class Boundary extends Component<{ children: ReactNode; onError: (error: unknown) => void }, { failed: boolean }> {
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override state = { failed: false };

  override componentDidCatch(error: unknown): void {
    this.props.onError(error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}
