/** However the program ends, or is stopped for a while, the terminal is given back first. */
import { constants } from 'node:os';
import { visible } from '../../text/visible.ts';
import type { Terminal } from './screen.ts';

/** A signal sent to oneself takes effect at once; only the first process of a container survives it. */
const SURVIVED_MS = 200;
/** A stop takes effect at once, but for a process group that nobody could continue: that one is never stopped. */
const NOT_STOPPED_MS = 50;

/** Signals that end the program, and how. */
const ENDINGS = {
  SIGINT: 'exit',
  SIGTERM: 'exit',
  // `process.exit()` in a handler of SIGHUP dies with SIGSEGV when the terminal is gone (Node 20). Sent again with no
  // handler in place these two end the program as whoever sent them expects.
  SIGHUP: 'raise',
  SIGQUIT: 'raise',
} as const satisfies Partial<Record<NodeJS.Signals, 'exit' | 'raise'>>;

type EndSignal = keyof typeof ENDINGS;

export interface LifetimeOptions {
  readonly terminal: Terminal;
  /** Gets what is too long for a person: stack traces. */
  readonly debug?: (text: string) => void;
}

export interface Lifetime {
  /** Runs `step` before the program ends, by whatever way; the latest first. It must be quick and synchronous. */
  atEnd(step: () => void): void;
  /** Gives the terminal back, says `message` (one line) on standard error if there is one, and ends the program. */
  end(code: number, message?: string): void;
  /** Lets go of signals and errors: the dashboard is over, the program goes on. */
  release(): void;
}

/** Takes care of the terminal until the program ends. Exit codes: 0 for EPIPE, 1 for an error, 128 + n for a signal. */
export function guardTerminal({ terminal, debug }: LifetimeOptions): Lifetime {
  const steps: (() => void)[] = [];
  let ending = false;

  const cleanUp = (message = ''): void => {
    terminal.leave(message);
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        step();
      } catch (error) {
        debug?.(stackOf(error));
      }
    }
  };

  const end = (code: number, message?: string): void => {
    if (ending) return;
    ending = true;
    cleanUp(message && `gtop: ${visible(message)}\n`);
    process.exit(code);
  };

  const endBySignal = (signal: EndSignal): void => {
    const code = 128 + constants.signals[signal];
    if (ENDINGS[signal] === 'exit') end(code);
    if (ending) return;
    ending = true;
    cleanUp();
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(code), SURVIVED_MS);
  };

  const fail = (error: unknown): void => {
    debug?.(stackOf(error));
    if ((error as NodeJS.ErrnoException | null)?.code === 'EPIPE') end(0);
    else end(1, messageOf(error));
  };

  let waking: NodeJS.Timeout | null = null;
  const wakeUp = (): void => {
    if (ending) return;
    if (waking !== null) {
      clearTimeout(waking);
      waking = null;
      process.on('SIGTSTP', stopAlone);
      terminal.enter();
    } else if (terminal.entered) terminal.enter();
  };
  const stop = (pid: number): void => {
    if (!terminal.entered) return;
    terminal.leave();
    process.off('SIGTSTP', stopAlone);
    process.kill(pid, 'SIGTSTP');
    waking = setTimeout(wakeUp, NOT_STOPPED_MS);
  };
  const stopAlone = (): void => stop(process.pid);
  /** Like the key in a cooked terminal: everything in the foreground, `npm` and pipes included. */
  const stopGroup = (): void => stop(0);

  const interrupt = (): void => endBySignal('SIGINT');
  const hangUp = (): void => endBySignal('SIGHUP');
  const onExit = (): void => cleanUp();

  for (const signal of Object.keys(ENDINGS) as EndSignal[]) process.on(signal, endBySignal);
  process.on('SIGTSTP', stopAlone);
  process.on('SIGCONT', wakeUp);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.on('exit', onExit);
  terminal.input.signals.on('interrupt', interrupt).on('suspend', stopGroup).on('hangup', hangUp);
  terminal.output.on('hangup', hangUp);

  return {
    atEnd: (step) => void steps.push(step),
    end,
    release() {
      for (const signal of Object.keys(ENDINGS) as EndSignal[]) process.off(signal, endBySignal);
      process.off('SIGTSTP', stopAlone);
      process.off('SIGCONT', wakeUp);
      process.off('uncaughtException', fail);
      process.off('unhandledRejection', fail);
      process.off('exit', onExit);
      terminal.input.signals.off('interrupt', interrupt).off('suspend', stopGroup).off('hangup', hangUp);
      terminal.output.off('hangup', hangUp);
    },
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : `something that is no error was thrown: ${String(error)}`;

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
