/**
 * Routes: paths folded so that `/users/7` and `/users/8` are one row. A segment becomes `{id}` if it is all digits, a
 * UUID, or at least 8 hexadecimal characters with a digit among them; nothing else is guessed.
 */

const CACHE_SIZE = 16_384;
const LEAST_HEX_LENGTH = 8;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_LENGTH = 36;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isHexLetter = (code: number): boolean => (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/** Whether a path segment names one thing among many. */
export function isIdentifier(segment: string): boolean {
  let digits = 0;
  let letters = 0;
  for (let index = 0; index < segment.length; index++) {
    const code = segment.charCodeAt(index);
    if (isDigit(code)) digits++;
    else if (isHexLetter(code)) letters++;
    else return segment.length === UUID_LENGTH && UUID.test(segment);
  }
  return digits > 0 && (letters === 0 || segment.length >= LEAST_HEX_LENGTH);
}

const fold = (path: string): string =>
  path
    .split('/')
    .map((segment) => (isIdentifier(segment) ? '{id}' : segment))
    .join('/');

/** A configured route such as `/posts/{slug}`, cut into segments; null stands for a placeholder. */
interface Pattern {
  readonly route: string;
  readonly segments: readonly (string | null)[];
}

const toPattern = (route: string): Pattern => ({
  route,
  segments: route.split('/').map((segment) => (/^\{[^{}]*\}$/.test(segment) ? null : segment)),
});

const matches = ({ segments }: Pattern, path: readonly string[]): boolean =>
  segments.length === path.length &&
  segments.every((segment, index) => (segment === null ? path[index] !== '' : segment === path[index]));

export interface RouteOptions {
  /** Routes that go first, such as `/posts/{slug}`; a placeholder stands for one whole segment. */
  readonly routes?: readonly string[];
  /** Leaves every path as it is. */
  readonly noRoutes?: boolean;
}

/** A function from path (without query) to route, with a bounded memory of the paths it has seen. */
export function createRouter({ routes = [], noRoutes = false }: RouteOptions = {}): (path: string) => string {
  if (noRoutes) return (path) => path;
  const patterns = routes.map(toPattern);
  const cache = new Map<string, string>();
  const route = (path: string): string => {
    const segments = patterns.length > 0 ? path.split('/') : [];
    return patterns.find((pattern) => matches(pattern, segments))?.route ?? fold(path);
  };
  return (path) => {
    let known = cache.get(path);
    if (known === undefined) {
      known = route(path);
      // Thrown away whole when full: the paths that matter are back at once.
      if (cache.size >= CACHE_SIZE) cache.clear();
      cache.set(path, known);
    }
    return known;
  };
}
