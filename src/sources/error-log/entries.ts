/** Heads of error-log entries: the line that begins one. One row a shape. */

import { parseTime } from '../entries/index.ts';

export interface EntryHead {
  /** Epoch milliseconds; NaN where the line has no date. */
  readonly atMs: number;
  readonly pid: number | null;
  readonly level: string | null;
  readonly message: string;
}

const HEADS: readonly { readonly pattern: RegExp; readonly head: (match: RegExpExecArray) => EntryHead }[] = [
  {
    // Gunicorn: `[2026-11-21 02:04:13 +0000] [4711] [INFO] message` (`gunicorn/glogging.py`, error_fmt).
    pattern: /^\[([^\]]{19,32})\] \[(\d{1,10})\] \[([A-Z]{1,10})\] ?(.*)$/s,
    head: (m) => ({ atMs: parseTime(m[1]), pid: Number(m[2]), level: m[3].toLowerCase(), message: m[4] }),
  },
  {
    // The same without a date, where another clock stamps the lines: `[4711] [INFO] message`.
    pattern: /^\[(\d{1,10})\] \[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\] ?(.*)$/s,
    head: (m) => ({ atMs: Number.NaN, pid: Number(m[1]), level: m[2].toLowerCase(), message: m[3] }),
  },
  {
    // Flask: `[2026-11-21 02:04:13,299] ERROR in app: Exception on /error [GET]`.
    pattern: /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})\] ([A-Z]{1,10}) in (.*)$/s,
    head: (m) => ({ atMs: parseTime(m[1]), pid: null, level: m[2].toLowerCase(), message: m[3] }),
  },
  {
    // `--log-syslog`: `<14>gunicorn.app.error: [4711] message`; the level is in the priority.
    pattern: /^<(\d{1,3})>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?\S{1,80}\.error: \[(\d{1,10})\] (.*)$/s,
    head: (m) => ({
      atMs: Number.NaN,
      pid: Number(m[2]),
      level: SYSLOG_LEVELS[Number(m[1]) & 7] ?? null,
      message: m[3],
    }),
  },
  {
    // uvicorn on its own: `INFO:     Started server process [4711]`.
    pattern: /^(DEBUG|INFO|WARNING|ERROR|CRITICAL): {2,8}(.*)$/s,
    head: (m) => ({ atMs: Number.NaN, pid: null, level: m[1].toLowerCase(), message: m[2] }),
  },
];

const SYSLOG_LEVELS = ['critical', 'critical', 'critical', 'error', 'warning', 'info', 'info', 'debug'];

/** The head of an entry; null for a line that continues one (a traceback's) or belongs to none. */
export function entryHead(line: string): EntryHead | null {
  const first = line.charCodeAt(0);
  // `[`, `<` or a capital letter: a traceback's lines are mostly indented and cost nothing.
  if (first !== 0x5b && first !== 0x3c && !(first >= 0x41 && first <= 0x5a)) return null;
  for (const { pattern, head } of HEADS) {
    const match = pattern.exec(line);
    if (match) return head(match);
  }
  return null;
}
