/** The beginning of an entry, which the readers of all formats share: one line. */
export interface Head {
  /** Epoch milliseconds; NaN where the line has no time. */
  readonly atMs: number;
  readonly level: string | null;
  readonly logger: string | null;
  /** Null in a JSON line that has none. */
  readonly message: string | null;
  readonly fields: Readonly<Record<string, unknown>> | null;
  /** Of a JSON line, which has it all in one; of a plain line it may follow. */
  readonly traceback: string | null;
  /** Lines that are no heads of their own go on with this entry. */
  readonly mayGoOn: boolean;
}

/** Names of levels in Python's `logging` and its like, and what they are called here. */
const LEVELS: Readonly<Record<string, string>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  SUCCESS: 'info',
  NOTICE: 'info',
  WARN: 'warning',
  WARNING: 'warning',
  ERROR: 'error',
  EXCEPTION: 'error',
  CRITICAL: 'critical',
  FATAL: 'critical',
};

/** `logging`'s numbers: what lies between two levels is the lower one. */
const LEVEL_NUMBERS: readonly (readonly [least: number, name: string])[] = [
  [50, 'critical'],
  [40, 'error'],
  [30, 'warning'],
  [20, 'info'],
  [10, 'debug'],
];

/** A level by name or number, in lower case; null when it is none. A name of the application's own stays. */
export function levelOf(value: unknown): string | null {
  if (typeof value === 'number') return LEVEL_NUMBERS.find(([least]) => value >= least)?.[1] ?? null;
  if (typeof value !== 'string' || value === '') return null;
  return LEVELS[value.toUpperCase()] ?? value.toLowerCase();
}

/** A level among the known names only. */
export const knownLevel = (word: string): string | null => LEVELS[word.toUpperCase()] ?? null;
