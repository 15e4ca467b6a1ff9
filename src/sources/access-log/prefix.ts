/** What other programs put in front of Gunicorn's lines. */

import { SPACE } from './bytes.ts';

const COLON = 0x3a;
/** At most this much of a line is looked at for a prefix. */
const LONGEST_PREFIX = 200;

export interface Prefix {
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  /** Pid of the worker that wrote the line; 0 when the prefix does not tell. */
  readonly worker: number;
  /** Epoch milliseconds; NaN when the prefix does not tell for sure. */
  readonly atMs: number;
}

interface Row {
  readonly name: string;
  /** Group 1: the worker's pid, if any; group 2: a time that `Date.parse` understands. */
  readonly pattern: RegExp;
}

/**
 * Prefixes, each ending where Gunicorn's own line begins. The patterns are anchored and their parts do not overlap:
 * linear in the few bytes they see.
 */
const PREFIXES: readonly Row[] = [
  // A logging configuration that propagates: `[2026-11-21 02:04:13 +0000] [4711] [INFO] `.
  { name: 'logging', pattern: /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\]]{0,12}\] \[(\d{1,10})\] \[[A-Z]{1,10}\] / },
  // logging.basicConfig: `INFO:gunicorn.access:`.
  { name: 'logging', pattern: /^INFO:[A-Za-z_][\w.]{0,80}:/ },
  // Formats of `logging` with `asctime` in front: `2026-11-21 02:04:13,299 - gunicorn.access - INFO - `.
  {
    name: 'logging',
    pattern: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[,.]\d{1,6})? (?:- |\[?(?:INFO|gunicorn\.access)\]?:? ){1,5}/,
  },
  // RFC 5424: `<14>1 2026-11-21T02:04:13.299Z host gunicorn 4711 - - `.
  {
    name: 'journald',
    pattern: /^<\d{1,3}>1 \S{19,35} \S{1,80} \S{1,48} \S{1,48} \S{1,32} (?:-|\[[^\]]{1,80}\]) (?:\[(\d{1,10})\] )?/,
  },
  // journalctl -o short and rsyslog: `Nov 21 02:04:13 host gunicorn[4711]: `, the pid being the master's; the time as
  // -o short-precise, -o short-iso and rsyslog's own default have it, too. Of `--log-syslog`, behind it,
  // `gunicorn.app.access: [4711] `.
  {
    name: 'journald',
    pattern:
      /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})?|\d{4}-\d\d-\d\dT[\d:]{8}[\d.,:+Z-]{1,14}) \S{1,80} [^\s:[]{1,80}(?:\[\d{1,10}\])?: (?:\[(\d{1,10})\] )?/,
  },
  // `--log-syslog`: `<14>gunicorn.app.access: [4711] `.
  { name: 'syslog', pattern: /^<\d{1,3}>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?\S{1,80}: (?:\[(\d{1,10})\] )?/ },
  // kubectl logs --timestamps, docker logs -t: `2026-11-21T02:04:13.123456789Z `, then perhaps `stdout F `.
  {
    name: 'container',
    pattern: /^()(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (?:std(?:out|err) [FP] )?/,
  },
  // kubectl logs --prefix: `[pod/web-7c9/app] `.
  { name: 'kubectl', pattern: /^\[pod\/[^\]\s]{1,180}\] / },
  // docker compose logs: `web-1  | `.
  { name: 'compose', pattern: /^[a-z][\w.-]{0,62} +\| / },
  // uvicorn's own logging, without Gunicorn: `INFO:     `.
  { name: 'uvicorn', pattern: /^INFO: {2,8}/ },
];

/** Whether a line could begin with a prefix at all: most do not, and must cost nothing. */
function couldBePrefix(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  if (first >= 0x30 && first <= 0x39) return bytes[start + 4] === 0x2d;
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

/** The prefix of a line; null without one. */
export function prefixOf(bytes: Buffer, start: number, end: number): Prefix | null {
  if (!couldBePrefix(bytes, start, end)) return null;
  const head = bytes.toString('latin1', start, Math.min(end, start + LONGEST_PREFIX));
  for (const { name, pattern } of PREFIXES) {
    const match = pattern.exec(head);
    if (match === null) continue;
    const [{ length }, worker, time] = match;
    return { name, length, worker: Number(worker ?? 0), atMs: time === undefined ? Number.NaN : Date.parse(time) };
  }
  return null;
}
