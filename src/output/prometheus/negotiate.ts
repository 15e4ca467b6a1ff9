/** What a client would like to get, RFC 9110, section 12.5. */

interface Wish {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** 0–1; 0 is "never". */
  readonly weight: number;
}

/** Longer headers are cut: no client needs more. */
const MOST_WISHES = 50;

/** `text/plain;version=0.0.4;q=0.5, *\/*;q=0.1` taken apart. A broken weight counts as 1. */
function parseWishes(header: string): Wish[] {
  return header
    .split(',', MOST_WISHES)
    .map((part) => part.split(';').map((piece) => piece.trim()))
    .filter(([name]) => name !== '')
    .map(([name = '', ...pieces]) => {
      const parameters: Record<string, string> = {};
      for (const piece of pieces) {
        const [key = '', value = ''] = piece.split('=', 2);
        parameters[key.trim().toLowerCase()] = value.trim().replace(/^"(.*)"$/, '$1');
      }
      const weight = Number(parameters.q ?? '1');
      return { name: name.toLowerCase(), parameters, weight: weight >= 0 && weight <= 1 ? weight : 1 };
    });
}

/** The weight of the first of these names that is wished for, the most precise one first; null for none. */
function weightOf(wishes: readonly Wish[], names: readonly string[]): number | null {
  for (const name of names) {
    const weights = wishes.filter((wish) => wish.name === name).map(({ weight }) => weight);
    if (weights.length > 0) return Math.max(...weights);
  }
  return null;
}

/**
 * Whether a client wants OpenMetrics 1.0 rather than the text format: it names it, in a version that this is, and with
 * no less weight. Browsers and curl name neither and get text; so does who would like something else altogether.
 */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  const wishes = parseWishes(accept ?? '');
  const isOurs = ({ name, parameters: { version } }: Wish): boolean =>
    name === 'application/openmetrics-text' && (version === undefined || version === '1.0.0');
  const open = weightOf(wishes.filter(isOurs), ['application/openmetrics-text']);
  if (open === null || open === 0) return false;
  return open >= (weightOf(wishes, ['text/plain', 'text/*', '*/*']) ?? 0);
}

/** Whether a client takes gzip (`Accept-Encoding`). */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const wishes = parseWishes(acceptEncoding ?? '');
  const gzip = weightOf(wishes, ['gzip', 'x-gzip', '*']);
  return gzip !== null && gzip > 0 && gzip >= (weightOf(wishes, ['identity']) ?? 0);
}
