/** Python's source text as statements of tokens: as much of the language as a file of assignments needs. */

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'operator';
  /** As written. */
  readonly text: string;
  /** What a string says; null for anything else, and for strings that are no text or only known at run time (b, f, t). */
  readonly value: string | null;
}

export interface Statement {
  /** From 1. */
  readonly line: number;
  /** Whether it is part of a block: indented. */
  readonly isNested: boolean;
  readonly tokens: readonly Token[];
}

export type Statements =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  | { readonly ok: false; readonly line: number; readonly problem: string };

/** Blanks, comments, and line ends behind a backslash. */
const SKIPPED = /(?:[ \t\f]|\\\n|#[^\n]*)+/y;
/** Group 1: the prefix; then what is between the quotes, of which three may hold line ends. */
const STRING =
  /([a-zA-Z]{0,2})(?:('''|""")((?:[^\\]|\\.)*?)\2|'(?!'')((?:[^'\\\n]|\\.)*)'|"(?!"")((?:[^"\\\n]|\\.)*)")/sy;
const OTHERS: readonly { readonly kind: Token['kind']; readonly pattern: RegExp }[] = [
  { kind: 'name', pattern: /[\p{L}_][\p{L}\p{N}_]*/uy },
  { kind: 'number', pattern: /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\.?\d[\d_.]*(?:[eE][-+]?\d+)?[jJ]?)/y },
  { kind: 'operator', pattern: /(?:\*\*|\/\/|<<|>>|[-+*/%@&|^:=!<>])=|->|[^\s'"]/y },
];

const SINGLE_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs;

/** Text between quotes as Python understands it; null where that takes more than the text (`\N{BULLET}`). */
function unescaped(body: string): string | null {
  let isKnown = true;
  const text = body.replace(ESCAPE, (whole, octal?: string, x?: string, u?: string, long?: string, single?: string) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const point = Number.parseInt(x ?? u ?? long ?? '', 16);
    if (point <= 0x10ffff) return String.fromCodePoint(point);
    if (single === 'N' || single === undefined) isKnown = false;
    // An escape that Python does not know stays as it is, backslash included.
    return SINGLE_ESCAPES[single ?? ''] ?? whole;
  });
  return isKnown ? text : null;
}

function stringValue(prefix: string, body: string): string | null {
  if (prefix === '' || /^u$/i.test(prefix)) return unescaped(body);
  return /^r$/i.test(prefix) ? body : null;
}

function tokenAt(text: string, offset: number): Token | null {
  STRING.lastIndex = offset;
  const string = STRING.exec(text);
  if (string !== null) {
    const [whole, prefix, , long, single, double] = string;
    return { kind: 'string', text: whole, value: stringValue(prefix, long ?? single ?? double) };
  }
  for (const { kind, pattern } of OTHERS) {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0], value: null };
  }
  return null;
}

/**
 * Splits source text into statements, those behind semicolons and inside blocks included. A statement that opens a
 * block and has its body on the same line (`if x: y = 1`) is one statement.
 */
export function splitStatements(source: string): Statements {
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const statements: Statement[] = [];
  let tokens: Token[] = [];
  let depth = 0;
  let line = 1;
  let startLine = 1;
  let isNested = false;
  let isAtLineStart = true;

  const close = (): void => {
    if (tokens.length > 0) statements.push({ line: startLine, isNested, tokens });
    tokens = [];
  };
  const countLines = (piece: string): void => {
    for (const character of piece) if (character === '\n') line++;
  };

  for (let offset = 0; offset < text.length; ) {
    SKIPPED.lastIndex = offset;
    const skipped = SKIPPED.exec(text)?.[0] ?? '';
    if (isAtLineStart && depth === 0) isNested = /^[ \t\f]/.test(skipped);
    isAtLineStart = false;
    countLines(skipped);
    offset += skipped.length;
    if (offset >= text.length) break;
    if (text[offset] === '\n') {
      if (depth === 0) close();
      isAtLineStart = true;
      line++;
      offset++;
      continue;
    }
    const token = tokenAt(text, offset);
    if (token === null) return { ok: false, line, problem: 'a string that is not closed' };
    offset += token.text.length;
    if (token.kind === 'operator') {
      if ('([{'.includes(token.text)) depth++;
      else if (')]}'.includes(token.text)) depth--;
      if (depth < 0) return { ok: false, line, problem: `a '${token.text}' that closes nothing` };
      if (token.text === ';' && depth === 0) {
        close();
        continue;
      }
    }
    if (tokens.length === 0) startLine = line;
    tokens.push(token);
    countLines(token.text);
  }
  if (depth > 0) return { ok: false, line: startLine, problem: 'a bracket that is not closed' };
  close();
  return { ok: true, statements };
}
