/** Readers: each turns the bytes of one line into a Line, or says why it cannot. One row to add a named format. */
import { combinedLines } from './combined-lines.ts';
import { DEFAULT_FORMAT, parseFormat, type Token } from './format.ts';
import { jsonLines } from './json-lines.ts';
import { ESCAPED, type Line } from './line.ts';
import { readPlainClient, readPlainCommon } from './plain-lines.ts';
import { Scanner } from './scanner.ts';
import { readUvicornLine } from './uvicorn-lines.ts';

const OPEN_BRACE = 0x7b;

/** Fills `line` from [start, end), which has no newline in it. @returns null, or why it cannot, with the column. */
export type Reader = (line: Line, bytes: Buffer, start: number, end: number) => string | null;

export const NAMED_READERS: Readonly<Record<string, () => Reader>> = {
  auto: anyReader,
  common: combinedLines,
  combined: combinedLines,
  json: jsonLines,
  uvicorn: uvicornReader,
};

function uvicornReader(): Reader {
  return (line, bytes, start, end) => {
    const stop = readUvicornLine(line, bytes, start, end);
    return stop === -1 ? null : `column ${stop - start + 1}: expected a uvicorn access line`;
  };
}

/**
 * Whatever fits; a brace begins nothing but JSON. The reader that fitted last is asked first, for logs change their
 * format rarely; their lines look so different that the order decides nothing else.
 */
function anyReader(): Reader {
  const readers = [combinedLines(), uvicornReader()];
  const readJson = jsonLines();
  return (line, bytes, start, end) => {
    if (bytes[start] === OPEN_BRACE) return readJson(line, bytes, start, end);
    let reason: string | null = null;
    let isFirst = true;
    for (const reader of readers) {
      const complaint = reader(line, bytes, start, end);
      if (complaint === null) {
        if (!isFirst) readers.unshift(...readers.splice(readers.indexOf(reader), 1));
        return null;
      }
      isFirst = false;
      reason ??= complaint;
    }
    return reason;
  };
}

/** What a format that begins as Gunicorn's default one does has behind that; null for any other format. */
function behindDefault(format: string): { readonly rest: Scanner | null } | null {
  if (!format.startsWith(DEFAULT_FORMAT)) return null;
  if (format === DEFAULT_FORMAT) return { rest: null };
  const rest = parseFormat(format.slice(DEFAULT_FORMAT.length));
  return rest.ok ? { rest: new Scanner(rest.tokens) } : null;
}

/**
 * With the `-` that Gunicorn prints for `%(l)s`, always (`gunicorn/glogging.py`, atoms): behind a list of addresses with
 * blanks it shows where the list ends.
 */
const withoutIdentity = (tokens: readonly Token[]): readonly Token[] =>
  tokens.map((token) =>
    token.kind === 'atom' && token.name === 'l' && !token.padded ? { kind: 'literal', text: '-' } : token,
  );

/**
 * Lines of one access_log_format. Gunicorn leaves out the blanks around it (`gunicorn/config.py`, validate_string).
 * @throws when the format is none: check it with parseFormat first.
 */
export function formatReader(written: string): Reader {
  const format = written.trim();
  const parsed = parseFormat(format);
  if (!parsed.ok) throw new Error(`access log format: ${parsed.message}`);
  const scanner = new Scanner(parsed.tokens);
  // Other servers have the same layout, with a name there.
  const scanners = [new Scanner(withoutIdentity(parsed.tokens)), scanner];
  const plain = behindDefault(format);
  const readPlain = (line: Line, bytes: Buffer, start: number, end: number): boolean => {
    if (plain === null) return false;
    let behind = readPlainCommon(line, bytes, start, end);
    if (behind !== -1) behind = readPlainClient(line, bytes, behind, end);
    if (behind === -1) return false;
    return (plain.rest === null ? behind : plain.rest.scan(line, bytes, behind, end)) === end;
  };
  return (line, bytes, start, end) => {
    line.reset(format, ESCAPED);
    if (!readPlain(line, bytes, start, end)) {
      line.reset(format, ESCAPED);
      if (scanners.every((each) => each.scan(line, bytes, start, end) === -1)) {
        return `column ${scanner.failure.offset - start + 1}: expected ${scanner.failure.expected}`;
      }
    }
    line.durationName = scanner.durationName;
    line.unit = scanner.durationUnit;
    line.judge();
    return null;
  };
}
