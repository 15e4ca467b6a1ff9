/**
 * The first of the bundle that runs, in the main thread and in the engine's: sets V8 up and loads a part.
 */
import { setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { Parts } from './parts.ts';

declare const __GTOP_BUILD__: string;

/**
 * Node 20's V8 optimizes a function once so many bytes of its bytecode have run several times over, on threads that
 * compete with those that start: four times the CPU of both until the first picture. It has to wait until that is there.
 * Later versions wait longer by themselves and do not know the flag.
 */
const INTERRUPT_BUDGET = { atStart: 4_000_000, usual: 67_584 };
const START_MS = 1000;

/**
 * Runs the part that is the entry of a thread.
 * @param folder where the parts are.
 * @param thread tells this thread's compiled code from that of others.
 */
export function boot(folder: string, entry: string, thread: string): void {
  if (isMainThread) setUpV8();
  new Parts({ folder, build: __GTOP_BUILD__, thread }).load(entry);
}

/** Flags are the whole process's. */
function setUpV8(): void {
  // Young garbage here is a megabyte a second: waking four threads for it costs more than collecting it on one
  // (measured: 0.4 % of a core).
  setFlagsFromString('--no-parallel-scavenge');
  // V8 collects everything again and again while a program is quiet, and throws compiled code away with it, which is
  // then compiled anew. gtop is never quiet for long (measured: 1.3 % of a core for 10 MB less between two peaks).
  setFlagsFromString('--no-memory-reducer');
  if (process.version.startsWith('v20.')) {
    const setBudget = (bytes: number): void => setFlagsFromString(`--interrupt-budget=${bytes}`);
    setBudget(INTERRUPT_BUDGET.atStart);
    // For good it would cost more than it saves: a minute later 1.7 % of a core instead of 1.3.
    setTimeout(setBudget, START_MS, INTERRUPT_BUDGET.usual).unref();
  }
}
