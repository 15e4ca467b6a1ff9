/**
 * Gunicorn's `access_log_format` taken apart. It is a Python `%`-format over a mapping (`gunicorn/glogging.py`,
 * SafeAtoms): any conversion is legal, `%%` is a per cent sign, a name that Gunicorn does not know prints `-`.
 */

export type Token =
  | { readonly kind: 'literal'; readonly text: string; readonly column: number }
  /** `name` is `h`, `t`, …, or `{x-forwarded-for}i` in lower case; `padded`: printed to a width, with blanks. */
  | { readonly kind: 'atom'; readonly name: string; readonly padded: boolean; readonly column: number };

export type ParsedFormat =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly message: string; readonly column: number };

/** Gunicorn's own default: no duration, no pid (`gunicorn/config.py`, AccessLogFormat). */
export const DEFAULT_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"';

const CONVERSION = /[-#0 +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[hlL]?([diouxXeEfFgGcrsa])/y;
/** Atoms that hold text cannot be printed by a number's conversion; Gunicorn would fail at every request. */
const NUMBER_CONVERSIONS = 'diouxXeEfFgG';
const NUMBER_ATOMS = ['T', 'D', 'M', 'B'];

/** @returns the tokens, or what is wrong and at which column (from 1). */
export function parseFormat(format: string): ParsedFormat {
  const tokens: Token[] = [];
  const fail = (message: string, index: number): ParsedFormat => ({
    ok: false,
    message: `${message} at column ${index + 1}`,
    column: index + 1,
  });
  let literal = '';
  let literalStart = 0;
  let index = 0;
  const addLiteral = (text: string): void => {
    if (literal === '') literalStart = index;
    literal += text;
  };
  const endLiteral = (): void => {
    if (literal !== '') tokens.push({ kind: 'literal', text: literal, column: literalStart + 1 });
    literal = '';
  };

  while (index < format.length) {
    if (format[index] !== '%') {
      addLiteral(format[index]);
      index += 1;
      continue;
    }
    if (format[index + 1] === '%') {
      addLiteral('%');
      index += 2;
      continue;
    }
    const atomStart = index;
    const close = format.indexOf(')', index);
    if (format[index + 1] !== '(') return fail('a bare % (an atom is written %(h)s, a per cent sign %%)', index);
    if (close === -1) return fail(`'${format.slice(index, index + 12)}' is not closed by )`, index);
    const name = format.slice(index + 2, close);
    CONVERSION.lastIndex = close + 1;
    const conversion = CONVERSION.exec(format)?.[1];
    if (conversion === undefined) return fail(`%(${name}) lacks its conversion, usually s`, close);
    if (NUMBER_CONVERSIONS.includes(conversion) && !NUMBER_ATOMS.includes(name)) {
      return fail(`%(${name})${conversion} cannot be printed: ${name} is text, write %(${name})s`, atomStart);
    }
    endLiteral();
    tokens.push({
      kind: 'atom',
      name: name.startsWith('{') ? name.toLowerCase() : name,
      padded: /\d/.test(format.slice(close + 1, CONVERSION.lastIndex)),
      column: atomStart + 1,
    });
    index = CONVERSION.lastIndex;
  }
  endLiteral();
  if (!tokens.some((token) => token.kind === 'atom')) return fail('there is no atom such as %(r)s', 0);
  return { ok: true, tokens };
}
