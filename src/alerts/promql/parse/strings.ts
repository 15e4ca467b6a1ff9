/** String literals, with the escapes of Go (`util/strutil/quote.go`). */
import { PromqlError } from '../errors.ts';

const SIMPLE: Readonly<Record<string, string>> = {
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
/** Escapes by their letter: how many digits follow, and whether they name a byte of UTF-8 or a code point. */
const NUMERIC: readonly { readonly pattern: RegExp; readonly radix: number; readonly isByte: boolean }[] = [
  { pattern: /^\\x([\da-fA-F]{2})/, radix: 16, isByte: true },
  { pattern: /^\\([0-7]{3})/, radix: 8, isByte: true },
  { pattern: /^\\u([\da-fA-F]{4})/, radix: 16, isByte: false },
  { pattern: /^\\U([\da-fA-F]{8})/, radix: 16, isByte: false },
];

/** @param literal a string in double quotes, single quotes or back quotes. @param position where it stands, for messages. */
export function unquote(literal: string, position: number): string {
  const quote = literal[0] ?? '';
  if (literal.length < 2 || !literal.endsWith(quote) || endsInsideEscape(literal, quote)) {
    throw new PromqlError('unterminated quoted string', position);
  }
  const body = literal.slice(1, -1);
  if (quote === '`') return body;
  if (body.includes('\n')) throw new PromqlError('newline in quoted string', position);
  return body.includes('\\') ? unescaped(body, quote, position) : body;
}

function endsInsideEscape(literal: string, quote: string): boolean {
  if (quote === '`') return false;
  const backslashes = /(\\*).$/s.exec(literal)?.[1] ?? '';
  return backslashes.length % 2 === 1;
}

function unescaped(body: string, quote: string, position: number): string {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let index = 0;
  while (index < body.length) {
    const backslash = body.indexOf('\\', index);
    const end = backslash < 0 ? body.length : backslash;
    bytes.push(...encoder.encode(body.slice(index, end)));
    if (backslash < 0) break;
    const { read, length } = escapeAt(body.slice(backslash, backslash + 10), quote, position + 1 + backslash);
    bytes.push(...(typeof read === 'number' ? [read] : encoder.encode(read)));
    index = backslash + length;
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** The escape at the start of a text: a byte, or characters; and how long it is. */
function escapeAt(text: string, quote: string, position: number): { read: number | string; length: number } {
  const letter = text[1] ?? '';
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined;
  const otherQuote = quote === '"' ? "'" : '"';
  if (simple !== undefined && letter !== otherQuote) return { read: simple, length: 2 };
  for (const { pattern, radix, isByte } of NUMERIC) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const code = Number.parseInt(match[1] ?? '', radix);
    if (code > (isByte ? 0xff : 0x10ffff)) break;
    return { read: isByte ? code : String.fromCodePoint(code), length: match[0].length };
  }
  throw new PromqlError(`unknown escape sequence \\${letter}`, position);
}
