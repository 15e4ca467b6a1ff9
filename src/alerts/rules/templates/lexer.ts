/** Cuts a template into text and the tokens of its actions (`text/template`, `parse/lex.go`). */
import { GoInt, type GoValue, TemplateError, UnbuiltTemplateError } from './values.ts';

export type Token =
  | { readonly kind: 'literal'; readonly value: GoValue }
  /** A function, a keyword, `nil`. */
  | { readonly kind: 'word'; readonly name: string }
  /** `$name`; the root is `$`. */
  | { readonly kind: 'variable'; readonly name: string }
  /** `.name` right behind what has fields, or standing for itself. */
  | { readonly kind: 'field'; readonly name: string; readonly isAttached: boolean }
  | { readonly kind: 'dot' }
  | { readonly kind: 'sign'; readonly sign: '|' | '(' | ')' | ',' | ':=' | '=' };

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[] };

const OPEN = /\{\{(- )?/g;
const COMMENT = /\s*\/\*[\s\S]*?\*\/(?: -)?\}\}/y;
const TOKEN =
  /(?<space>\s+)|(?<quoted>"(?:\\.|[^"\\\n])*")|`(?<raw>[^`]*)`|'(?<char>\\.[^'\n]*|[^\\'\n])'|(?<number>[-+]?(?:0[xX][\da-fA-F_]+|0[bBoO][\d_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?!\w))|\$(?<variable>\w*)|\.(?<field>[\p{L}_]\w*)|(?<dot>\.)|(?<word>[\p{L}_]\w*)|(?<sign>:=|[|(),=])/uy;
const CLOSE = /\s*(\s-)?\}\}/y;

/** @throws TemplateError */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimsNext = false;
  const addText = (to: number, trimsEnd: boolean): void => {
    let part = text.slice(at, to);
    if (trimsNext) part = part.trimStart();
    if (trimsEnd) part = part.trimEnd();
    if (part !== '') pieces.push({ kind: 'text', text: part });
  };
  for (;;) {
    OPEN.lastIndex = at;
    const open = OPEN.exec(text);
    if (open === null) break;
    addText(open.index, open[1] !== undefined);
    COMMENT.lastIndex = OPEN.lastIndex;
    const comment = COMMENT.exec(text);
    if (comment !== null) {
      at = COMMENT.lastIndex;
      trimsNext = comment[0].endsWith('-}}');
      continue;
    }
    const action = tokensFrom(text, OPEN.lastIndex);
    pieces.push({ kind: 'action', tokens: action.tokens });
    at = action.end;
    trimsNext = action.trims;
  }
  addText(text.length, false);
  return pieces;
}

function tokensFrom(text: string, start: number): { tokens: Token[]; end: number; trims: boolean } {
  const tokens: Token[] = [];
  let at = start;
  let isSpaced = true;
  for (;;) {
    CLOSE.lastIndex = at;
    const close = CLOSE.exec(text);
    if (close !== null) return { tokens, end: CLOSE.lastIndex, trims: close[1] !== undefined };
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) {
      const number = /^[-+]?\.?\d\w*(?:\.\w*)?/.exec(text.slice(at, at + 50))?.[0];
      if (number !== undefined) throw new UnbuiltTemplateError(`the number ${number} is not supported`);
      if (at >= text.length) throw new TemplateError('unclosed action: }} is missing');
      const isText = /["`']/.test(text.charAt(at));
      throw new TemplateError(isText ? 'a quote that does not end' : `unexpected ${JSON.stringify(text.charAt(at))}`);
    }
    const token = tokenOf(groups, isSpaced);
    if (token !== null) tokens.push(token);
    isSpaced = groups.space !== undefined || groups.sign === '(';
    at = TOKEN.lastIndex;
  }
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, isSpaced: boolean): Token | null {
  const { quoted, raw, char, number, variable, field, dot, word, sign } = groups;
  if (quoted !== undefined) return { kind: 'literal', value: unquoted(quoted.slice(1, -1)) };
  if (raw !== undefined) return { kind: 'literal', value: raw };
  if (char !== undefined) return { kind: 'literal', value: new GoInt(unquoted(char).codePointAt(0) ?? 0) };
  if (number !== undefined) return { kind: 'literal', value: numberOf(number) };
  if (variable !== undefined) return { kind: 'variable', name: variable };
  if (field !== undefined) return { kind: 'field', name: field, isAttached: !isSpaced };
  if (dot !== undefined) return { kind: 'dot' };
  if (word !== undefined) return { kind: 'word', name: word };
  return sign === undefined ? null : { kind: 'sign', sign: sign as '|' };
}

/** Go reads `0b11`, `0o17` and `017` as well, and whole numbers up to 64 bits. */
function numberOf(text: string): GoValue {
  const digits = text
    .replaceAll('_', '')
    .replace(/^[-+]/, '')
    .replace(/^0(?=[0-7]+$)/, '0o');
  const value = Number(digits) * (text.startsWith('-') ? -1 : 1);
  if (Number.isNaN(value)) throw new TemplateError(`bad number ${text}`);
  return /^(?:0[a-z]|\d+$)/i.test(digits) ? new GoInt(value) : value;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

const unquoted = (text: string): string =>
  text.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{3})|(.))/gis,
    (whole, x?: string, u?: string, long?: string, octal?: string, one?: string) => {
      const hex = x ?? u ?? long;
      const code =
        hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : null;
      if (code !== null && code <= 0x10ffff) return String.fromCodePoint(code);
      const sign = one === undefined ? undefined : ESCAPES[one];
      if (sign === undefined) throw new TemplateError(`unknown escape ${whole}`);
      return sign;
    },
  );
