/** `printf` as Go's `fmt.Sprintf` has it, for the values that templates come across. */
import { exponential, fixed, general } from './go-number.ts';
import { GoInt, type GoValue, textOf, typeName } from './values.ts';

interface Directive {
  readonly flags: string;
  readonly width: number | null;
  readonly precision: number | null;
  readonly verb: string;
}

const DIRECTIVE = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.|$)/gsu;
/** A width that someone mistyped must not fill the memory. */
const MOST_WIDTH = 1000;

/** @param args all that follows the format. Mistakes show in the text as Go shows them: `%!d(float64=0.5)`. */
export function printf(format: string, args: readonly GoValue[]): string {
  let next = 0;
  const take = (): GoValue | undefined => args[next++];
  const numberFor = (text: string | undefined): number | null => {
    if (text === undefined) return null;
    if (text !== '*') return Math.min(MOST_WIDTH, Number(text));
    const given = take();
    return given instanceof GoInt ? Math.min(MOST_WIDTH, given.value) : null;
  };
  const text = format.replace(
    DIRECTIVE,
    (_, flags: string, widthText: string | undefined, precisionText: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (verb === '') return '%!(NOVERB)';
      const width = numberFor(widthText);
      const directive = { flags, width, precision: numberFor(precisionText), verb };
      const value = take();
      if (value === undefined) return `%!${verb}(MISSING)`;
      const written = write(directive, value);
      if (written !== null) return padded(written, directive, value);
      // Flags and width stay in force for the value in the complaint.
      const plain = padded(write({ ...directive, verb: 'v' }, value) ?? textOf(value), directive, value);
      return `%!${verb}(${typeName(value)}=${plain})`;
    },
  );
  const extra = args.slice(next).map((value) => `${typeName(value)}=${textOf(value)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

/** Null: the verb does not fit the value. */
function write(directive: Directive, value: GoValue): string | null {
  const { verb } = directive;
  if (verb === 'v') return typeof value === 'number' ? floatText(directive, value) : textOf(value);
  if (verb === 'T') return typeName(value);
  if (typeof value === 'number') return floatText(directive, value);
  if (value instanceof GoInt) return wholeText(directive, value.value);
  if (typeof value === 'boolean') return verb === 't' ? String(value) : null;
  if (typeof value === 'string') return stringText(directive, value);
  return verb === 's' ? textOf(value) : null;
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
  const text = Object.hasOwn(forms, verb) ? forms[verb]?.() : undefined;
  // Of `%+v` the sign means something else: the names of fields.
  return text === undefined ? null : signed(text, verb === 'v' ? flags.replaceAll('+', '') : flags);
}

const BASES: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, x: 16, X: 16 };

function wholeText({ flags, verb }: Directive, value: number): string | null {
  if (verb === 'c') return String.fromCodePoint(value);
  if (verb === 'U') return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
  if (verb === 'q') return `'${String.fromCodePoint(value)}'`;
  const base = Object.hasOwn(BASES, verb) ? BASES[verb] : undefined;
  if (base === undefined) return null;
  const text = value.toString(base);
  return signed(verb === 'X' ? text.toUpperCase() : text, flags);
}

function stringText({ precision, verb }: Directive, value: string): string | null {
  if (verb === 's') return precision === null ? value : [...value].slice(0, precision).join('');
  if (verb === 'q') return JSON.stringify(value);
  if (verb === 'x') return Buffer.from(value).toString('hex');
  if (verb === 'X') return Buffer.from(value).toString('hex').toUpperCase();
  return null;
}

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return text;
  const bare = text.startsWith('+') ? text.slice(1) : text;
  return flags.includes('+') ? `+${bare}` : flags.includes(' ') ? ` ${bare}` : text;
}

function padded(text: string, { flags, width }: Directive, value: GoValue): string {
  const missing = (width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  const isNumber = typeof value === 'number' || value instanceof GoInt;
  if (!flags.includes('0') || (isNumber && /[a-z]{3}$/i.test(text))) return ' '.repeat(missing) + text;
  const sign = isNumber && /^[-+ ]/.test(text) ? text.slice(0, 1) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
