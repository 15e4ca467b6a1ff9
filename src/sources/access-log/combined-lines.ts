/** Lines of the common and combined formats, with whatever stands behind them. */
import { isIP } from 'node:net';
import { SPACE } from './bytes.ts';
import { DEFAULT_FORMAT, parseFormat } from './format.ts';
import { ESCAPED, type Line } from './line.ts';
import { readPlainClient, readPlainCommon } from './plain-lines.ts';
import { Scanner } from './scanner.ts';
import { readTrailing } from './trailing.ts';

/** Lists whose client is remembered: some 1 MB. */
const MOST_LISTS = 8192;
/** Between names. */
const SEPARATOR = /[\s,]/;
const COMMON_LENGTH = DEFAULT_FORMAT.indexOf(' "%(f)s');

function scannerOf(format: string): Scanner {
  const parsed = parseFormat(format);
  if (!parsed.ok) throw new Error(parsed.message);
  return new Scanner(parsed.tokens, true);
}

/**
 * The client, where several names stand before ` - `: a list of addresses (`%({x-forwarded-for}i)s`), alone or behind
 * `%(h)s`; a host's name before the address. The first address counts. To look for it takes half as long as all the rest
 * of a line, and the same lists come again and again.
 */
function clientsByNames(): (names: string) => string {
  const known = new Map<string, string>();
  return (names) => {
    let client = known.get(names);
    if (client === undefined) {
      client = names.split(SEPARATOR).find((part) => isIP(part) !== 0) ?? names;
      if (known.size >= MOST_LISTS) known.clear();
      known.set(names, client);
    }
    return client;
  };
}

/** @returns a reader as in readers.ts. */
export function combinedLines(): (line: Line, bytes: Buffer, start: number, end: number) => string | null {
  const common = scannerOf(DEFAULT_FORMAT.slice(0, COMMON_LENGTH));
  // Before ` - `, which Gunicorn always prints, all kinds of names may stand.
  const named = scannerOf(DEFAULT_FORMAT.slice(0, COMMON_LENGTH).replace('%(l)s', '-'));
  const client = scannerOf(DEFAULT_FORMAT.slice(COMMON_LENGTH));
  const clientOf = clientsByNames();
  return (line, bytes, start, end) => {
    line.reset('common', ESCAPED);
    let behind = readPlainCommon(line, bytes, start, end);
    if (behind === -1) {
      line.reset('common', ESCAPED);
      behind = named.scan(line, bytes, start, end);
      if (behind === -1) behind = common.scan(line, bytes, start, end);
      else if (line.address !== null && SEPARATOR.test(line.address)) line.address = clientOf(line.address);
      if (behind === -1) return `column ${common.failure.offset - start + 1}: expected ${common.failure.expected}`;
    }
    if (behind < end) {
      let behindClient = readPlainClient(line, bytes, behind, end);
      if (behindClient === -1 || (behindClient < end && bytes[behindClient] !== SPACE)) {
        behindClient = client.scan(line, bytes, behind, end);
      }
      if (behindClient !== -1) {
        line.shape = 'combined';
        behind = behindClient;
      }
    }
    if (behind < end) readTrailing(line, bytes, behind, end);
    line.judge();
    return null;
  };
}
