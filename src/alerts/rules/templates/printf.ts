/** `printf` as Go's `fmt.Sprintf` has it, for the values that templates come across. */
import { exponential, fixed, general } from './go-number.ts';
import { GoInt, type GoValue, TemplateError, textOf, typeName } from './values.ts';

interface Directive {
  readonly flags: string;
  readonly width: number | null;
  readonly precision: number | null;
  readonly verb: string;
}

/** `%[2]d` takes the second argument and goes on from there. */
const DIRECTIVE = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:\[(\d+)\])?(.|$)/gsu;
/** A width that someone mistyped must not fill the memory. */
const MOST_WIDTH = 1000;

/** @param args all that follows the format. Mistakes show in the text as Go shows them: `%!d(float64=0.5)`. */
export function printf(format: string, args: readonly GoValue[]): string {
  let next = 0;
  let isReordered = false;
  const take = (): GoValue | undefined => args[next++];
  const numberFor = (text: string | undefined): number | null => {
    if (text === undefined) return null;
    if (text !== '*') return Math.min(MOST_WIDTH, Number(text));
    const given = take();
    return given instanceof GoInt ? Math.min(MOST_WIDTH, given.value) : null;
  };
  const text = format.replace(
    DIRECTIVE,
    (_, flags: string, widthText?: string, precisionText?: string, place?: string, verb = '') => {
      if (verb === '%') return '%';
      if (verb === '') return '%!(NOVERB)';
      const width = numberFor(widthText);
      const directive = { flags, width, precision: numberFor(precisionText), verb };
      if (place !== undefined) {
        isReordered = true;
        next = Number(place) - 1;
        if (next < 0 || next >= args.length) return `%!${verb}(BADINDEX)`;
      }
      const value = take();
      if (value === undefined) return `%!${verb}(MISSING)`;
      if (value === null && verb !== 'v' && verb !== 'T') return `%!${verb}(<nil>)`;
      const written = write(directive, value);
      if (written !== null) return padded(written, directive, value);
      // Flags and width stay in force for the value in the complaint.
      const plain = padded(
        write({ ...directive, verb: value instanceof GoInt ? 'd' : 'v' }, value) ?? textOf(value),
        directive,
        value,
      );
      return `%!${verb}(${typeName(value)}=${plain})`;
    },
  );
  const extra = args.slice(next).map((value) => `${typeName(value)}=${textOf(value)}`);
  return extra.length === 0 || isReordered ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

/** Null: the verb does not fit the value. */
function write(directive: Directive, value: GoValue): string | null {
  const { verb } = directive;
  if (verb === 'T') return typeName(value);
  if (typeof value === 'number') return floatText(directive, value);
  if (value instanceof GoInt) return wholeText(directive, value.value);
  if (typeof value === 'boolean') return verb === 't' || verb === 'v' ? String(value) : null;
  if (typeof value === 'string') return stringText(directive, value);
  return verb === 's' || verb === 'v' ? textOf(value) : null;
}

function floatText({ flags, precision, verb }: Directive, value: number): string | null {
  const forms: Readonly<Record<string, () => string>> = {
    v: () => general(value, precision),
    g: () => general(value, precision),
    G: () => general(value, precision).replace('e', 'E'),
    f: () => fixed(value, precision ?? 6),
    F: () => fixed(value, precision ?? 6),
    e: () => exponential(value, precision ?? 6),
    E: () => exponential(value, precision ?? 6).replace('e', 'E'),
  };
  if (/[xXb]/.test(verb)) throw new TemplateError(`%${verb} of a float is not supported`);
  const text = Object.hasOwn(forms, verb) ? forms[verb]?.() : undefined;
  // Of `%+v` the sign means something else: the names of fields.
  return text === undefined ? null : signed(text, verb === 'v' ? flags.replaceAll('+', '') : flags);
}

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
/** In front of a whole number: with `#`, of `%O` always. */
const PREFIXES: Readonly<Record<string, string>> = { b: '0b', o: '0', O: '0o', x: '0x', X: '0X' };

function wholeText({ flags, precision, verb }: Directive, value: number): string | null {
  if (verb === 'c') return runeOf(value);
  if (verb === 'q') return quoted(runeOf(value), "'", flags);
  if (verb === 'U') return `U+${Math.abs(value).toString(16).toUpperCase().padStart(4, '0')}`;
  const base = Object.hasOwn(BASES, verb) ? BASES[verb] : undefined;
  if (base === undefined) return null;
  const digits =
    precision === 0 && value === 0
      ? ''
      : Math.abs(value)
          .toString(base)
          .padStart(precision ?? 0, '0');
  const prefix = flags.includes('#') || verb === 'O' ? (PREFIXES[verb] ?? '') : '';
  const text = `${value < 0 ? '-' : ''}${prefix}${verb === 'X' ? digits.toUpperCase() : digits}`;
  return signed(text, verb === 'v' ? flags.replaceAll('+', '') : flags);
}

const runeOf = (code: number): string =>
  code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';

function stringText({ flags, precision, verb }: Directive, value: string): string | null {
  const text = precision === null ? value : [...value].slice(0, precision).join('');
  if (verb === 'q' || (verb === 'v' && flags.includes('#'))) {
    return verb === 'q' && flags.includes('#') && !/[`\0-\x08\x0a-\x1f\x7f\ufeff]/.test(text)
      ? `\`${text}\``
      : quoted(text, '"', flags);
  }
  if (verb === 's' || verb === 'v') return text;
  if (verb !== 'x' && verb !== 'X') return null;
  const prefix = flags.includes('#') ? '0x' : '';
  const bytes = Array.from(Buffer.from(value).subarray(0, precision ?? undefined), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  const hex = flags.includes(' ')
    ? bytes.map((byte) => prefix + byte).join(' ')
    : (bytes.length > 0 ? prefix : '') + bytes.join('');
  return verb === 'X' ? hex.toUpperCase() : hex;
}

const NAMED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Go's `strconv.Quote`; with `+` in ASCII alone. What cannot be printed is escaped. */
function quoted(text: string, mark: string, flags: string): string {
  const written = text.replace(/./gsu, (rune) => {
    if (rune === mark || rune === '\\') return `\\${rune}`;
    const code = rune.codePointAt(0) ?? 0;
    if (code < 0x7f ? code >= 0x20 : !flags.includes('+') && PRINTED.test(rune)) return rune;
    const hex = code.toString(16);
    if (Object.hasOwn(NAMED, rune)) return NAMED[rune] ?? '';
    if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
    return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
  return mark + written + mark;
}

const PRINTED = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return text;
  const bare = text.startsWith('+') ? text.slice(1) : text;
  return flags.includes('+') ? `+${bare}` : flags.includes(' ') ? ` ${bare}` : text;
}

function padded(text: string, { flags, width, precision }: Directive, value: GoValue): string {
  const missing = (width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  const isNumber = typeof value === 'number' || value instanceof GoInt;
  const isFixed = value instanceof GoInt && precision !== null;
  if (!flags.includes('0') || isFixed || (isNumber && /[a-z]{3}$/i.test(text))) return ' '.repeat(missing) + text;
  const sign = isNumber && /^[-+ ]/.test(text) ? text.slice(0, 1) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
