/** The dashboard: opens the terminal, runs until the person quits, gives the terminal back. */
import App from './app.tsx';
import type { Painter } from './canvas/index.ts';
import { createTheme, type ThemeName } from './canvas/theme.ts';
import { Dashboard } from './dashboard.ts';
import type { SnapshotFeed } from './feed.ts';
import type { TimeZone } from './format.ts';
import { bindKeys } from './keymap.ts';
import { OutputRate } from './output-rate.ts';
import { runInk } from './render.tsx';
import { colorDepth, copyByTerminal, guardTerminal, openTerminal } from './terminal/index.ts';
import { yogaLoaded } from './yoga.ts';

export type { SnapshotFeed } from './feed.ts';

export interface DashboardRun {
  readonly feed: SnapshotFeed;
  readonly theme: ThemeName;
  /** 7 bits only. */
  readonly ascii: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly delayMs: number;
  /** Null: everything read. */
  readonly windowSeconds: number | null;
  readonly timeZone: TimeZone;
  /** Ask the terminal for mouse reports. */
  readonly mouse?: boolean;
  /** Null or absent: everything is shown. */
  readonly filter?: string | null;
  /** Addresses, users and query strings are hidden. */
  readonly masked?: boolean;
  /** Keys of the person's own, by command; checked already. */
  readonly ownKeys?: Readonly<Record<string, readonly string[]>>;
  /** Sentences for the status line at the start, such as warnings of the configuration. */
  readonly notices: readonly string[];
  /** Gets what is too long for a person: stack traces. */
  readonly debug?: (text: string) => void;
  /** Quick, synchronous, called before the program ends, by whatever way: stops the engine. */
  readonly atEnd?: () => void;
}

/**
 * Runs the dashboard until the person quits.
 * @returns the exit code. Ctrl-C and signals end the process here, after the terminal was given back.
 * @throws when there is no terminal, or what a component threw.
 */
export async function runDashboard(run: DashboardRun): Promise<number> {
  const terminal = openTerminal({ mouse: run.mouse });
  const lifetime = guardTerminal({ terminal, debug: run.debug });
  if (run.atEnd !== undefined) lifetime.atEnd(run.atEnd);
  const depth = colorDepth(run.color, process.env);
  const rate = new OutputRate();
  let painter: Painter | null = null;

  const own = bindKeys(run.ownKeys ?? {});

  const dashboard = new Dashboard({
    ...run,
    ...(own.ok ? { keymap: own.keymap } : {}),
    copy: (text) => copyByTerminal(terminal.output, text),
    size: () => terminal.output,
    paint: () => painter?.schedule(),
    repaint: () => painter?.repaint(),
  });

  terminal.input.signals.on('mouse', (report) => dashboard.mouse(report));
  try {
    // The engine has the first question while Yoga is loaded and Ink draws its first boxes.
    dashboard.start();
    await yogaLoaded();
    const element = (
      <App
        dashboard={dashboard}
        ascii={run.ascii}
        colorDepth={depth}
        outputBytesPerSecond={() => rate.bytesPerSecond(Date.now(), terminal.output.bytesWritten)}
      />
    );
    const app = runInk(element, terminal, { theme: createTheme(run.theme, depth) });
    painter = app.painter;
    dashboard.subscribe(() => app.painter.setTheme(createTheme(dashboard.state.theme, depth)));
    if (run.notices.length > 0) dashboard.notify(run.notices.join(' · '));
    await app.waitUntilExit();
  } finally {
    dashboard.stop();
    lifetime.release();
  }
  return 0;
}
