/** Lines of the common and combined formats, with whatever stands behind them. */
import { SPACE } from './bytes.ts';
import { DEFAULT_FORMAT, parseFormat } from './format.ts';
import { ESCAPED, type Line } from './line.ts';
import { readPlainClient, readPlainCommon } from './plain-lines.ts';
import { Scanner } from './scanner.ts';
import { readTrailing } from './trailing.ts';

const COMMON_LENGTH = DEFAULT_FORMAT.indexOf(' "%(f)s');

function scannerOf(format: string): Scanner {
  const parsed = parseFormat(format);
  if (!parsed.ok) throw new Error(parsed.message);
  return new Scanner(parsed.tokens, true);
}

/** @returns a reader as in readers.ts. */
export function combinedLines(): (line: Line, bytes: Buffer, start: number, end: number) => string | null {
  const common = scannerOf(DEFAULT_FORMAT.slice(0, COMMON_LENGTH));
  const client = scannerOf(DEFAULT_FORMAT.slice(COMMON_LENGTH));
  return (line, bytes, start, end) => {
    line.reset('common', ESCAPED);
    let behind = readPlainCommon(line, bytes, start, end);
    if (behind === -1) {
      line.reset('common', ESCAPED);
      behind = common.scan(line, bytes, start, end);
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
