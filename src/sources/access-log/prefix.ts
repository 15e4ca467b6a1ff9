/** What other programs put in front of Gunicorn's lines. */

/** At most this much of a line is looked at for a prefix. */
const LONGEST_PREFIX = 200;

/**
 * Prefixes, each ending where Gunicorn's own line begins. The patterns are anchored and their parts do not overlap:
 * linear in the few bytes they see.
 */
const PREFIXES: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  // `logconfig_dict` with propagation: `[2026-11-21 02:04:13 +0000] [4711] [INFO] `.
  { name: 'logging', pattern: /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\]]{0,12}\] \[\d{1,10}\] \[[A-Z]+\] / },
  // `--log-syslog`: `<14>gunicorn.app.access: [4711] `.
  { name: 'syslog', pattern: /^<\d{1,3}>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?\S{1,80}: (?:\[\d{1,10}\] )?/ },
  // journalctl -o short: `Nov 21 02:04:13 host gunicorn[4711]: `.
  {
    name: 'journald',
    pattern: /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,80} \S{1,80}?(?:\[\d{1,10}\])?: (?:\[\d{1,10}\] )?/,
  },
  // kubectl logs --timestamps, docker logs -t: `2026-11-21T02:04:13.123456789Z `, then perhaps `stdout F `.
  {
    name: 'container',
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (?:std(?:out|err) [FP] )?/,
  },
];

/** Whether a line could begin with a prefix at all: most do not, and must cost nothing. */
function couldBePrefix(bytes: Buffer, start: number): boolean {
  const first = bytes[start];
  if (first >= 0x30 && first <= 0x39) return bytes[start + 4] === 0x2d;
  return first === 0x5b || first === 0x3c || (first >= 0x41 && first <= 0x5a);
}

/** The prefix of a line, `{ name, length }`; null without one. */
export function prefixOf(
  bytes: Buffer,
  start: number,
  end: number,
): { readonly name: string; readonly length: number } | null {
  if (!couldBePrefix(bytes, start)) return null;
  const head = bytes.toString('latin1', start, Math.min(end, start + LONGEST_PREFIX));
  for (const { name, pattern } of PREFIXES) {
    const length = pattern.exec(head)?.[0].length;
    if (length !== undefined) return { name, length };
  }
  return null;
}
