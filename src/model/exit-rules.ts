/** Why a worker ended: evidence in, reason and sentence out. The rules are a table; the first that holds wins. */
import { sayRequest, saySeconds } from './figures.ts';
import type { ExitReason, Level } from './snapshot.ts';

/** What the master was doing when the worker left, if that explains it. */
export type Drain = 'recycled' | 'reload' | 'shutdown' | 'scaledown';

/** What samples make of an end; `unasked`: the master had no reason to end it, and replaced it. */
export type Inference = Drain | 'unasked';

/** All that is known about one end. */
export interface ExitEvidence {
  readonly pid: number;
  /** `WORKER TIMEOUT (pid:N)` was logged, or the heartbeat was over the timeout when it was last seen. */
  readonly timedOut: boolean;
  /** The timeout, or else how long it was seen busy. */
  readonly busySeconds: number | null;
  readonly method: string | null;
  readonly path: string | null;
  /** Where the application stood: `app/views.py:88`. */
  readonly place: string | null;
  /** Where it timed out it waited for its client to send. */
  readonly awaitedClient: boolean;
  /** `Worker exiting (pid: N)` was logged: it left its loop by itself. */
  readonly orderly: boolean;
  /** Signal that ended it, by the master's reap line: `KILL`, `SEGV`. */
  readonly signal: string | null;
  /** Exit code, by the master's reap line. */
  readonly code: number | null;
  readonly drain: Drain | null;
  /** Last line of the traceback of `Exception in worker process`; empty when there was none. Null: no such entry. */
  readonly exception: string | null;
  readonly served: boolean;
  readonly ageSeconds: number | null;
  /** The kernel counted an out-of-memory kill at that moment. */
  readonly oomProven: boolean;
  /** The kernel's count of such kills can be read, so that one that was not counted did not happen. */
  readonly oomCounted: boolean;
  /** Its master is gone as well. */
  readonly masterGone: boolean;
  /** It was seen in its loop, or it was not; null not known. */
  readonly begun: boolean | null;
  /** No line tells of this end: the samples do not show it any more. */
  readonly unlogged: boolean;
  /** What the samples make of an end that no line tells of. */
  readonly inferred: Inference | null;
  /** What lines would have told. */
  readonly telling: Telling;
}

/**
 * Of which ends the error log tells, at its level: of all, or only of those that a signal or an exit code tells of (since
 * 21.0, and signals alone in 20.1). Null: of none for certain.
 */
export type Telling = 'all' | 'failures' | null;

export interface ExitRule {
  readonly reason: ExitReason;
  /** Nobody asked for this end. */
  readonly abnormal: boolean;
  readonly level: Level;
  readonly when: (end: ExitEvidence) => boolean;
  /** What happened, without the worker's pid: `killed: timeout after 30 s`. */
  readonly text: (end: ExitEvidence) => string;
}

/** Signals by which a process dies of its own doing (signal(7)). */
const CRASHES = new Set(['SEGV', 'BUS', 'ILL', 'FPE', 'ABRT', 'SYS', 'TRAP']);
/** Signals on which a worker leaves in order (`gunicorn/workers/base.py`, init_signals). */
export const ORDERLY_SIGNALS: ReadonlySet<string> = new Set(['TERM', 'INT', 'QUIT']);
/** `Arbiter.WORKER_BOOT_ERROR` and `Arbiter.APP_LOAD_ERROR`: the master then ends all others (`gunicorn/arbiter.py`). */
export const BOOT_CODES: ReadonlySet<number> = new Set([3, 4]);
/** A worker that leaves this soon after its start did not come up: `sys.exit()` at import loops for ever. */
const STILLBORN_SECONDS = 2;
/** The same where only samples, a second apart, tell of it. */
const STILLBORN_UNLOGGED_SECONDS = 3;

const DRAINS: Readonly<Record<Drain, string>> = {
  recycled: 'recycled after its last request (max_requests)',
  reload: 'replaced by a reload',
  shutdown: 'left with its master',
  scaledown: 'left: one worker fewer was asked for',
};

/** The same where no line says so. */
const INFERRED: Readonly<Record<Drain, string>> = {
  recycled: 'replaced: recycled, as it seems (max_requests)',
  reload: 'replaced with all the others: a reload, as it seems',
  shutdown: 'left with its master',
  scaledown: 'left and was not replaced: one worker fewer was asked for',
};

const soon = (end: ExitEvidence): string =>
  end.ageSeconds === null || end.ageSeconds > 3600
    ? ''
    : ` ${end.ageSeconds < 1 ? 'right' : saySeconds(end.ageSeconds)} after its start`;

export function isStillborn({ ageSeconds, orderly, unlogged, served, begun, masterGone }: ExitEvidence): boolean {
  if (ageSeconds === null) return false;
  if (orderly) return ageSeconds < STILLBORN_SECONDS;
  if (!unlogged || served) return false;
  // However long its import takes: it was never seen to end it.
  return begun === false || (!masterGone && ageSeconds < STILLBORN_UNLOGGED_SECONDS);
}

/** Two rules for one drain: it may end in a SIGKILL when the graceful time is over, and requests with it. */
const drainRules = (drain: Drain): readonly ExitRule[] => [
  {
    reason: drain,
    abnormal: false,
    level: 'warning',
    when: (end) => end.drain === drain && end.signal === 'KILL',
    text: () => `${DRAINS[drain]}, by SIGKILL: it had not finished in the graceful time`,
  },
  { reason: drain, abnormal: false, level: 'ok', when: (end) => end.drain === drain, text: () => DRAINS[drain] },
];

/**
 * In order. Measured on Gunicorn 20.1 to 26.2: the master's own SIGKILL after a timeout and at the end of a drain also
 * reads `Perhaps out of memory?`; SIGTERM lines are races of scaling and reloading.
 */
export const EXIT_RULES: readonly ExitRule[] = [
  {
    reason: 'timeout',
    abnormal: true,
    level: 'critical',
    when: (end) => end.timedOut,
    text: (end) => {
      const request = sayRequest(end.method, end.path);
      const after = end.busySeconds === null ? '' : ` after ${saySeconds(end.busySeconds)}`;
      const place = end.place === null ? '' : ` (${end.place})`;
      const client = end.awaitedClient
        ? `: its client had not sent ${request === null ? 'a whole request' : 'all of it'}`
        : '';
      return `killed: timeout${after}${request === null ? '' : ` in ${request}`}${place}${client}`;
    },
  },
  {
    reason: 'oom',
    abnormal: true,
    level: 'critical',
    when: (end) => end.oomProven && !end.orderly && (end.signal === 'KILL' || end.signal === null),
    text: () => 'killed by the kernel: out of memory',
  },
  {
    reason: 'boot',
    abnormal: true,
    level: 'critical',
    when: (end) => (end.code === null ? end.exception !== null && !end.served : BOOT_CODES.has(end.code)),
    text: (end) =>
      `failed to boot: ${end.exception || (end.code === 4 ? 'the application could not be loaded' : 'see the error log')}`,
  },
  {
    reason: 'crash',
    abnormal: true,
    level: 'critical',
    when: (end) => end.signal !== null && CRASHES.has(end.signal),
    text: (end) => `crashed: SIG${end.signal}`,
  },
  {
    reason: 'crash',
    abnormal: true,
    level: 'critical',
    when: (end) => end.exception !== null,
    text: (end) => `crashed: ${end.exception || 'exception in the worker process'}`,
  },
  ...drainRules('recycled'),
  ...drainRules('reload'),
  ...drainRules('shutdown'),
  ...drainRules('scaledown'),
  {
    reason: 'killed',
    abnormal: true,
    level: 'critical',
    when: (end) => end.signal === 'KILL',
    text: (end) =>
      end.oomCounted
        ? 'killed by SIGKILL: from outside, for the kernel counts no out-of-memory kill'
        : 'killed by SIGKILL: by hand or by the kernel, no out-of-memory kill is proven',
  },
  {
    reason: 'crash',
    abnormal: true,
    level: 'critical',
    when: (end) => end.code !== null && end.code !== 0,
    text: (end) => `exited with code ${end.code}${soon(end)}`,
  },
  {
    reason: 'boot',
    abnormal: true,
    level: 'critical',
    when: (end) => end.masterGone && end.begun === false && isStillborn(end),
    text: (end) => `failed to boot, as it seems: gone${soon(end)}, before it had come up, and its master with it`,
  },
  {
    reason: 'crash',
    abnormal: true,
    level: 'critical',
    when: (end) => isStillborn(end),
    text: (end) =>
      end.begun === false
        ? `left${soon(end)}, before it had come up: does the application exit at import?`
        : `left${soon(end)} without a reason: does the application exit at import?`,
  },
  ...(Object.keys(INFERRED) as Drain[]).map(
    (drain): ExitRule => ({
      reason: drain,
      abnormal: false,
      level: 'ok',
      when: (end) => end.inferred === drain,
      text: () => INFERRED[drain],
    }),
  ),
  {
    reason: 'killed',
    abnormal: false,
    level: 'ok',
    when: (end) => end.signal !== null && ORDERLY_SIGNALS.has(end.signal) && !end.masterGone,
    text: (end) => `ended by SIG${end.signal}, sent to this worker`,
  },
  {
    reason: 'killed',
    abnormal: false,
    level: 'warning',
    when: (end) => end.signal !== null && !ORDERLY_SIGNALS.has(end.signal),
    text: (end) => `killed by a stray SIG${end.signal}`,
  },
  {
    reason: 'killed',
    abnormal: false,
    level: 'ok',
    when: (end) => end.orderly && !end.masterGone,
    text: () => 'left in order: sent a TERM, INT or QUIT, or by sys.exit() in the application',
  },
  {
    reason: 'shutdown',
    abnormal: false,
    level: 'ok',
    when: (end) => end.masterGone,
    text: () => DRAINS.shutdown,
  },
  {
    reason: 'killed',
    abnormal: false,
    level: 'warning',
    when: (end) => end.inferred === 'unasked' && end.telling === 'failures',
    text: () =>
      'left without a word: sent a TERM, INT or QUIT, or ended by the application; a crash or a SIGKILL would have been logged',
  },
  {
    reason: 'unknown',
    abnormal: true,
    level: 'warning',
    when: (end) => end.inferred === 'unasked' && end.telling === 'all',
    text: () =>
      'ended itself without a word: os._exit() in the application, or a library that ends the process; a signal would have been logged',
  },
  {
    reason: 'unknown',
    abnormal: true,
    level: 'warning',
    when: (end) => end.inferred === 'unasked',
    text: (end) => {
      const request = end.busySeconds === null ? '' : `, in a request of ${saySeconds(end.busySeconds)}`;
      const memory = end.oomCounted ? ', not for want of memory' : '';
      return `ended without its master's doing${request}: crashed, or killed from outside${memory}; no log line says which`;
    },
  },
  {
    reason: 'unknown',
    abnormal: false,
    level: 'unknown',
    when: () => true,
    text: () => 'is gone; no log line says why',
  },
];

/** The rule that explains an end. */
export function explainExit(end: ExitEvidence): ExitRule {
  const rule = EXIT_RULES.find((candidate) => candidate.when(end));
  if (!rule) throw new Error('the last exit rule holds for every end');
  return rule;
}

/** Linux numbers of the signals that end workers (signal(7)), for Gunicorns that print numbers. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  4: 'ILL',
  5: 'TRAP',
  6: 'ABRT',
  7: 'BUS',
  8: 'FPE',
  9: 'KILL',
  10: 'USR1',
  11: 'SEGV',
  12: 'USR2',
  15: 'TERM',
  31: 'SYS',
};

/**
 * A signal's bare name from any way Gunicorn prints it: `SIGKILL`, `9` (20.1), `code 139` (21.0–23.0: the raw wait
 * status, whose low seven bits are the signal and whose eighth means that core was dumped). Unknown numbers stay.
 */
export function signalName(text: string): string {
  const number = text.match(/\d+$/)?.[0];
  if (number === undefined || /^SIG(USR|RT)/.test(text)) return text.replace(/^SIG/, '');
  const signal = Number(number) & 0x7f;
  return SIGNALS[signal] ?? String(signal);
}

/** An end of which nothing is known. */
export const NO_EVIDENCE = {
  timedOut: false,
  busySeconds: null,
  method: null,
  path: null,
  place: null,
  awaitedClient: false,
  orderly: false,
  signal: null,
  code: null,
  drain: null,
  exception: null,
  served: false,
  ageSeconds: null,
  oomProven: false,
  oomCounted: false,
  masterGone: false,
  begun: null,
  unlogged: false,
  inferred: null,
  telling: null,
} as const;

/** A worker timeout, with what is known of its request. */
export const timeoutEvidence = (
  pid: number,
  seconds: number | null,
  method: string | null,
  path: string | null,
  place: string | null = null,
): ExitEvidence => ({ ...NO_EVIDENCE, pid, timedOut: true, busySeconds: seconds, method, path, place });

/** No end of any kind. */
export const noExits = (): Record<ExitReason, number> => ({
  timeout: 0,
  oom: 0,
  crash: 0,
  killed: 0,
  recycled: 0,
  reload: 0,
  scaledown: 0,
  shutdown: 0,
  boot: 0,
  unknown: 0,
});
