/** What other programs put in front of Gunicorn's lines. */

import { isDigit, MINUS, SPACE } from './bytes.ts';

const COLON = 0x3a;
const DOT = 0x2e;
/** At most this much of a line is looked at for a prefix. */
const LONGEST_PREFIX = 200;

export interface Prefix {
  /** Bytes. */
  readonly length: number;
  /** Bytes of it that stand before the lines of any program: behind them an error log's line begins as it does bare. */
  readonly outerLength: number;
  /** Who put those there, outermost first: `kubectl container`; null when nobody did. */
  readonly collector: string | null;
  /** Pid of the worker that wrote the line; 0 when the prefix does not tell. */
  readonly worker: number;
  /** Epoch milliseconds; NaN when the prefix does not tell for sure. */
  readonly atMs: number;
}

interface Row {
  /** Puts it before the lines of any program; another prefix may follow. */
  readonly collector?: string;
  /** Group 1: the worker's pid, if any; group 2: a time that `Date.parse` understands. */
  readonly pattern: RegExp;
}

/**
 * Prefixes, each ending where Gunicorn's own line begins. The patterns are anchored and their parts do not overlap:
 * linear in the few bytes they see.
 */
const PREFIXES: readonly Row[] = [
  // A logging configuration that propagates: `[2026-11-21 02:04:13 +0000] [4711] [INFO] `.
  { pattern: /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\]]{0,12}\] \[(\d{1,10})\] \[[A-Z]{1,10}\] / },
  // logging.basicConfig: `INFO:gunicorn.access:`.
  { pattern: /^INFO:[A-Za-z_][\w.]{0,80}:/ },
  // Formats of `logging` with `asctime` in front: `2026-11-21 02:04:13,299 - gunicorn.access - INFO - `.
  { pattern: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[,.]\d{1,6})? (?:- |\[?(?:INFO|gunicorn\.access)\]?:? ){1,5}/ },
  // loguru: `2026-11-21 02:04:13.299 | INFO     | gunicorn.glogging:access:363 - `.
  { pattern: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6} \| [A-Z]{1,10} {0,8} \| [\w.]{1,80}:[\w<>]{1,80}:\d{1,9} - / },
  // RFC 5424: `<14>1 2026-11-21T02:04:13.299Z host gunicorn 4711 - - `, then perhaps a byte order mark.
  {
    collector: 'journald',
    pattern:
      /^<\d{1,3}>1 \S{19,35} \S{1,80} \S{1,48} \S{1,48} \S{1,32} (?:-|\[[^\]]{1,80}\]) (?:\xef\xbb\xbf)?(?:\[(\d{1,10})\] )?/,
  },
  // heroku logs: `2026-11-21T02:04:13.299123+00:00 app[web.1]: `; before journald's, whose host it looks like.
  {
    collector: 'heroku',
    pattern: /^()(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d) \w{1,40}\[[\w.-]{1,80}\]: /,
  },
  // journalctl -o short and rsyslog: `Nov 21 02:04:13 host gunicorn[4711]: `, the pid being the master's; the time as
  // the other forms of journalctl and rsyslog's own default have it, too. Of `--log-syslog`, behind it,
  // `gunicorn.app.access: [4711] `.
  {
    collector: 'journald',
    pattern:
      /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})?|\d{4}-\d\d-\d\dT[\d:]{8}[\d.,:+Z-]{1,14}|[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Z+\d-]{1,8}|\d{10}\.\d{6}|\[ {0,8}\d{1,10}\.\d{6}\]) \S{1,80} [^\s:[]{1,80}(?:\[\d{1,10}\])?: (?:\[(\d{1,10})\] )?/,
  },
  // `--log-syslog`: `<14>gunicorn.app.access: [4711] `.
  { pattern: /^<\d{1,3}>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?\S{1,80}: (?:\[(\d{1,10})\] )?/ },
  // kubectl logs --timestamps, docker logs -t: `2026-11-21T02:04:13.123456789Z `, then perhaps `stdout F `.
  {
    collector: 'container',
    pattern: /^()(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (?:std(?:out|err) [FP] )?/,
  },
  // kubectl logs --prefix: `[pod/web-7c9/app] `.
  { collector: 'kubectl', pattern: /^\[pod\/[^\]\s]{1,180}\] / },
  // docker compose logs: `web-1  | `.
  { collector: 'compose', pattern: /^[a-z][\w.-]{0,62} +\| / },
  // uvicorn's own logging, without Gunicorn: `INFO:     `.
  { pattern: /^INFO: {2,8}/ },
];
/** `docker compose logs -t` has two before uvicorn's own. */
const MOST_PREFIXES = 4;

/** Ten digits and a point; in an address the first point comes sooner. */
const isUnixTime = (bytes: Uint8Array, start: number): boolean =>
  bytes[start + 10] === DOT && isDigit(bytes[start + 1]) && isDigit(bytes[start + 2]) && isDigit(bytes[start + 3]);

/** Whether a line could begin with a prefix at all: most do not, and must cost nothing. */
function couldBePrefix(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  if (isDigit(first)) return bytes[start + 4] === MINUS || isUnixTime(bytes, start);
  if (first >= 0x61 && first <= 0x7a) return isName(bytes, start, end);
  return first === 0x5b || first === 0x3c || (first >= 0x41 && first <= 0x5a);
}

/** Whether a blank stands where an address of IPv6 (`fe80::1`) would have had its first colon. */
function isName(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end && at < start + LONGEST_PREFIX; at++) {
    if (bytes[at] === SPACE) return true;
    if (bytes[at] === COLON) return false;
  }
  return false;
}

function firstMatch(text: string): { readonly row: Row; readonly match: RegExpExecArray } | null {
  for (const row of PREFIXES) {
    const match = row.pattern.exec(text);
    if (match !== null) return { row, match };
  }
  return null;
}

/** The prefixes of a line as one; null without any. */
export function prefixOf(bytes: Buffer, start: number, end: number): Prefix | null {
  if (!couldBePrefix(bytes, start, end)) return null;
  const head = bytes.toString('latin1', start, Math.min(end, start + LONGEST_PREFIX));
  let length = 0;
  let outerLength = 0;
  let worker = 0;
  let atMs = Number.NaN;
  const collectors: string[] = [];
  for (let count = 0; count < MOST_PREFIXES && couldBePrefix(bytes, start + length, end); count++) {
    const found = firstMatch(head.slice(length));
    if (found === null) break;
    const [{ length: more }, pid, time] = found.match;
    length += more;
    worker ||= Number(pid ?? 0);
    if (Number.isNaN(atMs) && time !== undefined) atMs = Date.parse(time);
    if (found.row.collector === undefined) break;
    outerLength = length;
    collectors.push(found.row.collector);
  }
  const collector = collectors.length === 0 ? null : collectors.join(' ');
  return length === 0 ? null : { length, outerLength, collector, worker, atMs };
}
