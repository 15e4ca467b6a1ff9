/** Python's `str.format` for the numbers and texts of a message: `{error_rate:.2%}`. */
import { exponential, fixed, general } from '../rules/templates/go-number.ts';

/** A float is a number, a whole number is wrapped: Python writes `4.0` and `4`. */
export type PythonValue = string | number | { readonly whole: number } | null;

/** What stands for a number that is not known. */
const UNKNOWN = 'n/a';

const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::([^{}]*))?\}/g;
const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;
/** A width that someone mistyped must not fill the memory. */
const MOST_WIDTH = 200;

/** Names of the fields that a text asks for. */
export const fieldsOf = (text: string): readonly string[] =>
  [...text.matchAll(FIELD)].flatMap(([, name]) => (name === undefined ? [] : [name]));

/** @param value undefined where there is no such field: it stays as it stands, as does one whose format is no format. */
export function formatMessage(text: string, fieldValue: (name: string) => PythonValue | undefined): string {
  return text.replace(FIELD, (whole, name?: string, conversion?: string, spec = '') => {
    if (name === undefined) return whole.slice(1);
    const value = fieldValue(name);
    if (value === undefined) return whole;
    if (value === null) return UNKNOWN;
    const shown = conversion === undefined ? value : conversion === 's' ? plain(value) : repr(value);
    return formatValue(shown, spec) ?? whole;
  });
}

const repr = (value: Exclude<PythonValue, null>): string =>
  typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : plain(value);

/** `str(value)`. */
function plain(value: Exclude<PythonValue, null>): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return String(value.whole);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  // Python turns to exponents at other places than JavaScript.
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e16 ? exponential(value, null) : fullDigits(value);
}

const fullDigits = (value: number): string => {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
};

interface Spec {
  readonly type: string | undefined;
  readonly precision: number | null;
  readonly separator: string | undefined;
}

/** Null: the format does not fit. */
function formatValue(value: Exclude<PythonValue, null>, text: string): string | null {
  const match = SPEC.exec(text);
  if (match === null) return null;
  const [, fill, align, sign, , zero, width, separator, precision, type] = match;
  const spec = { type, separator, precision: precision === undefined ? null : Math.min(100, Number(precision)) };
  const isText = typeof value === 'string';
  const body = isText ? textBody(value, spec) : numberBody(value, spec);
  if (body === null) return null;
  const signed = !isText && sign !== undefined && sign !== '-' && !body.startsWith('-') ? sign + body : body;
  const wanted = Math.min(MOST_WIDTH, Number(width ?? 0));
  const how = align ?? (zero === undefined ? (isText ? '<' : '>') : '=');
  return padded(signed, wanted, how, fill ?? (zero === undefined ? ' ' : '0'));
}

function textBody(value: string, { type, precision }: Spec): string | null {
  if (type !== undefined && type !== 's') return null;
  return precision === null ? value : [...value].slice(0, precision).join('');
}

function numberBody(value: number | { readonly whole: number }, { type, precision, separator }: Spec): string | null {
  const number = typeof value === 'number' ? value : value.whole;
  const isWhole = typeof value !== 'number';
  const text = bodyOf(value, number, isWhole, type, precision);
  return text === null || separator === undefined ? text : grouped(text, separator);
}

const BASES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };

function bodyOf(
  value: number | { readonly whole: number },
  number: number,
  isWhole: boolean,
  type: string | undefined,
  precision: number | null,
): string | null {
  switch (type) {
    case undefined:
      return precision === null ? plain(value) : isWhole ? null : shortened(number, precision);
    case 'f':
    case 'F':
      return fixed(number, precision ?? 6);
    case 'e':
      return exponential(number, precision ?? 6);
    case 'E':
      return exponential(number, precision ?? 6).toUpperCase();
    case 'n':
      return isWhole ? String(number) : general(number, precision ?? 6);
    case 'g':
      return general(number, precision ?? 6);
    case 'G':
      return general(number, precision ?? 6).toUpperCase();
    case '%':
      return `${fixed(number * 100, precision ?? 6)}%`;
    case 'd':
      return isWhole ? String(number) : null;
    default: {
      const base = BASES[type];
      if (!isWhole || base === undefined) return null;
      return type === 'X' ? number.toString(base).toUpperCase() : number.toString(base);
    }
  }
}

/** A float without a type keeps its point, for which one of its digits is counted: `100.0` to three of them is `1e+02`. */
function shortened(number: number, precision: number): string {
  const digits = Math.max(1, precision);
  const text = general(number, digits);
  if (/[.en]/.test(text)) return text;
  const [mantissa = '', exponent = ''] = exponential(number, digits - 1).split('e');
  if (Number(exponent) < digits - 1) return `${text}.0`;
  return `${mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa}e${exponent}`;
}

function grouped(text: string, separator: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d*)(.*)$/s.exec(text) ?? [];
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, separator) + rest;
}

function padded(text: string, width: number, align: string, fill: string): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (align === '<') return text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + text;
  if (align === '^') return fill.repeat(missing >> 1) + text + fill.repeat(missing - (missing >> 1));
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + fill.repeat(missing) + text.slice(sign.length);
}
