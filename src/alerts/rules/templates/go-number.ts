/** Numbers as Go's `strconv.FormatFloat` and `fmt` write them. */

/** Further digits that tell whether a rounding stands exactly between two numbers: no double has more that matter. */
const TIE_DIGITS = 40;

const special = (value: number): string | null =>
  Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? null : value > 0 ? '+Inf' : '-Inf';

/** JavaScript rounds halves up, Go to the even digit. Both know the exact value of the double. */
function evenTie(rounded: string, longer: string, length: number): string {
  const rest = longer.replace(/e.*$/, '').slice(length).replace('.', '');
  if (!/^50*$/.test(rest)) return rounded;
  const kept = longer.slice(0, length).replace(/\.$/, '');
  return Number(kept.at(-1)) % 2 === 0 ? kept : rounded;
}

/** `%.<precision>f`. */
export function fixed(value: number, precision: number): string {
  const said = special(value);
  if (said !== null) return said;
  const places = Math.min(100, precision);
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}${places > 0 ? `.${'0'.repeat(places)}` : ''}`;
  const rounded = value.toFixed(places);
  const longer = value.toFixed(Math.min(100, places + TIE_DIGITS));
  const whole = longer.indexOf('.') === -1 ? longer.length : longer.indexOf('.');
  const text = evenTie(rounded, longer, places === 0 ? whole : whole + 1 + places);
  // toFixed loses the sign of what it rounds to nothing; Go keeps it.
  return (Object.is(value, -0) || value < 0) && !text.startsWith('-') ? `-${text}` : text;
}

/** `%.<precision>e`; null is the fewest digits that read back as the same number. */
export function exponential(value: number, precision: number | null): string {
  const said = special(value);
  if (said !== null) return said;
  const sign = Object.is(value, -0) || value < 0 ? '-' : '';
  const [mantissa = '', exponent = '0'] = significant(Math.abs(value), precision === null ? null : precision + 1);
  return `${sign}${mantissa}e${twoDigits(Number(exponent))}`;
}

/** `%.<precision>g`; null is the fewest digits, as `%v` has it: with an exponent from 1e+06 on. */
export function general(value: number, precision: number | null): string {
  const said = special(value);
  if (said !== null) return said;
  const digits = precision === null ? null : Math.max(1, precision);
  const [mantissa = '', exponentText = '0'] = significant(Math.abs(value), digits);
  const sign = Object.is(value, -0) || value < 0 ? '-' : '';
  const exponent = Number(exponentText);
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (exponent < -4 || exponent >= (digits ?? SHORTEST_LIMIT)) return `${sign}${trimmed}e${twoDigits(exponent)}`;
  const plain = trimmed.replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${plain}`;
  const whole = plain.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = plain.slice(exponent + 1);
  return sign + (fraction === '' ? whole : `${whole}.${fraction}`);
}

/** Go decides between plain and exponent as if the precision were this when there is none. */
const SHORTEST_LIMIT = 6;

/** Mantissa and exponent of a value that is not negative. */
function significant(value: number, digits: number | null): readonly string[] {
  if (digits === null) return value.toExponential().split('e');
  const places = Math.min(100, digits - 1);
  const rounded = value.toExponential(places).split('e');
  const longer = value.toExponential(Math.min(100, places + TIE_DIGITS));
  const [mantissa = ''] = rounded;
  const even = evenTie(mantissa, longer, places === 0 ? 1 : places + 2);
  return even === mantissa ? rounded : [even, longer.split('e')[1] ?? '0'];
}

const twoDigits = (exponent: number): string =>
  `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
