/**
 * The first of the bundle that runs, in the main thread and in the engine's: sets V8 up and loads a part.
 */
import { setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { Parts } from './parts.ts';

declare const __GTOP_BUILD__: string;

/**
 * Node 20's V8 optimizes a function once this many bytes of its bytecode have run, on threads that compete with those
 * that start. With its own 66 kB, three times over and more for long functions, the first picture costs four times the
 * CPU of both; with 4 MB, three times over, what each line runs through stayed slow for the first minute. Later versions
 * wait longer by themselves and do not know the flags.
 */
const NODE_20_OPTIMIZER = [
  '--interrupt-budget=800000',
  '--ticks-before-optimization=1',
  '--bytecode-size-allowance-per-tick=1000000',
];
/**
 * V8 collects early, moves together what lives and gives the rest back. Left alone, it lets the heap grow to four times
 * what lives: 109 instead of 97 MB while a quarter of an hour of a log is read, which takes less than a second, and 325
 * instead of 232 MB with 5,000 requests a second, each on a path of its own. The first picture comes 10 to 15 ms later
 * for it where it is set at the start. Node 20 has that to spare; later versions, which have less, get it thereafter.
 */
const SMALL_HEAP = '--optimize-for-size';
const IS_NODE_20 = process.version.startsWith('v20.');
/** The longest time that the flag takes: 25 days. */
const NEVER_MS = 2 ** 31 - 1;
/** After the compiled code was kept: V8 takes it back only with the flags that it was made with. */
const STARTED_AFTER_MS = 2000;
/**
 * Modules of Node that each start needs. Once a flag is set Node compiles its own modules from their sources, because
 * what it keeps of them was made with other flags: 9 ms for these, which take 2 ms before.
 */
const NEEDED = ['node:net', 'node:perf_hooks', 'node:process', 'node:tty'];
/** Commands that work through whole logs and end. */
const BATCH_COMMANDS: ReadonlySet<string> = new Set(['report', 'rules']);

/**
 * Runs the part that is the entry of a thread.
 * @param folder where the parts are.
 * @param thread tells this thread's compiled code from that of others.
 */
export function boot(folder: string, entry: string, thread: string): void {
  const isBatch = isMainThread && process.argv.slice(2).some((word) => BATCH_COMMANDS.has(word));
  if (isMainThread) {
    for (const name of NEEDED) process.getBuiltinModule(name);
    if (isBatch) setUpBatch();
    else setUpWatch();
  }
  new Parts({ folder, build: __GTOP_BUILD__, thread: isBatch ? 'batch' : thread }).load(entry);
}

/**
 * Flags are the whole process's, and none is changed before the compiled code is kept.
 *
 * What is counted and let go again lives just long enough to be taken for old: left alone, V8 lets it pile up. Measured
 * on 1 M lines of nothing but new values: 102 MB instead of 191, at the same CPU time.
 */
function setUpBatch(): void {
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--heap-growing-percent=100');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** For a program that is to start at once, and then to be hardly noticed. */
function setUpWatch(): void {
  // Young garbage here is a megabyte a second: waking four threads for it costs more than collecting it on one
  // (measured: 0.4 % of a core).
  setFlagsFromString('--no-parallel-scavenge');
  // Each collection gives a few pages back: four threads would be woken for that, too (measured: 0.1 % of a core).
  setFlagsFromString('--no-concurrent-sweeping');
  // V8 collects everything again and again while a program is quiet, and throws compiled code away with it, which is
  // then compiled anew. gtop is never quiet for long (measured: 1.3 % of a core for 10 MB less between two peaks). The
  // main thread was set up with its reducer before this line; all that can be had there is that it waits (measured: it
  // took 70 ms of CPU time in the tenth second).
  setFlagsFromString('--no-memory-reducer');
  setFlagsFromString(`--gc-memory-reducer-start-delay-ms=${NEVER_MS}`);
  if (IS_NODE_20) [...NODE_20_OPTIMIZER, SMALL_HEAP].forEach(setFlagsFromString);
  else setTimeout(() => setFlagsFromString(SMALL_HEAP), STARTED_AFTER_MS).unref();
}
