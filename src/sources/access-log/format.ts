/**
 * Gunicorn's `access_log_format` taken apart. It is a Python `%`-format over a mapping (`gunicorn/glogging.py`,
 * SafeAtoms): any conversion is legal, `%%` is a per cent sign, a name that Gunicorn does not know prints `-`.
 */

export type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'atom';
      /** `h`, `t`, …, or `{x-forwarded-for}i` in lower case. */
      readonly name: string;
      /** Printed to a width, with blanks before or behind. */
      readonly padded: boolean;
      /** The conversion's letter, `s` as a rule. */
      readonly conversion: string;
    };

export type ParsedFormat =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly message: string; readonly column: number };

/** Gunicorn's own default: no duration, no pid (`gunicorn/config.py`, AccessLogFormat). */
export const DEFAULT_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"';

/** What follows a name in Python: flags, width, precision, a length that means nothing, the conversion. */
const CONVERSION = /[-#0 +]*(\d*)(?:\.\d*)?[hlL]?([diouxXeEfFgGcrsa])/y;
const NUMBER_CONVERSIONS = 'diouxXeEfFgGc';
/** Atoms that are numbers in Python, `s` under ASGI only. Any other is text, and Python prints no text by `%d`. */
const NUMBER_ATOMS = ['T', 'D', 'M', 'B', 's'];

/** Index behind the `)` that closes the name which begins at `open`: Python counts parentheses. -1 when it is open. */
function nameEnd(format: string, open: number): number {
  let depth = 0;
  for (let index = open; index < format.length; index++) {
    if (format[index] === '(') depth++;
    else if (format[index] === ')' && --depth === 0) return index + 1;
  }
  return -1;
}

/** @returns the tokens, or what is wrong in one line, with its column (from 1). */
export function parseFormat(format: string): ParsedFormat {
  const tokens: Token[] = [];
  let literal = '';
  const fail = (problem: string, index: number, way: string): ParsedFormat => ({
    ok: false,
    message: `${problem} at column ${index + 1}: ${way}`,
    column: index + 1,
  });
  const endLiteral = (): void => {
    if (literal !== '') tokens.push({ kind: 'literal', text: literal });
    literal = '';
  };

  for (let index = 0; index < format.length; ) {
    if (format[index] !== '%' || format[index + 1] === '%') {
      literal += format[index];
      index += format[index] === '%' ? 2 : 1;
      continue;
    }
    if (format[index + 1] !== '(') {
      const excerpt = format.slice(index, index + 2);
      return fail(`unknown conversion "${excerpt}"`, index, 'an atom is %(name)s, a per cent sign is %%');
    }
    const behindName = nameEnd(format, index + 1);
    if (behindName === -1) {
      return fail(`unknown conversion "${format.slice(index, index + 12)}"`, index, 'an atom is %(name)s');
    }
    const name = format.slice(index + 2, behindName - 1);
    CONVERSION.lastIndex = behindName;
    const [, width, conversion] = CONVERSION.exec(format) ?? [];
    if (conversion === undefined) {
      return fail(`unknown conversion "${format.slice(index, behindName + 1)}"`, index, `write %(${name})s`);
    }
    if (NUMBER_CONVERSIONS.includes(conversion) && !NUMBER_ATOMS.includes(name)) {
      const atom = format.slice(index, CONVERSION.lastIndex);
      return fail(`impossible conversion "${atom}"`, index, `${name} is text, write %(${name})s`);
    }
    endLiteral();
    // Only names in braces are looked up whatever their case.
    const key = name.startsWith('{') ? name.toLowerCase() : name;
    tokens.push({ kind: 'atom', name: key, padded: width !== '', conversion });
    index = CONVERSION.lastIndex;
  }
  endLiteral();
  if (!tokens.some((token) => token.kind === 'atom')) return fail('no atom', 0, 'an atom is %(name)s, such as %(r)s');
  return { ok: true, tokens };
}
