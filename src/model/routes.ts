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

/** Whether the segment [start, end) of a path names one thing among many. */
function isIdentifier(path: string, start: number, end: number): boolean {
  const length = end - start;
  let digits = 0;
  for (let index = start; index < end; index++) {
    const code = path.charCodeAt(index);
    if (isDigit(code)) digits++;
    else if (!isHexLetter(code)) return length === UUID_LENGTH && UUID.test(path.slice(start, end));
  }
  return digits > 0 && (digits === length || length >= LEAST_HEX_LENGTH);
}

/** Nothing is cut out of a path that has nothing to fold: a log of new paths would pay for each. */
function fold(path: string): string {
  let folded = '';
  let kept = 0;
  for (let start = 0; start <= path.length; ) {
    const slash = path.indexOf('/', start);
    const end = slash === -1 ? path.length : slash;
    if (isIdentifier(path, start, end)) {
      folded += `${path.slice(kept, start)}{id}`;
      kept = end;
    }
    start = end + 1;
  }
  return kept === 0 ? path : folded + path.slice(kept);
}

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

/** A function from path (without query) to route. */
export function createFolder({ routes = [], noRoutes = false }: RouteOptions = {}): (path: string) => string {
  if (noRoutes) return (path) => path;
  if (routes.length === 0) return fold;
  const patterns = routes.map(toPattern);
  return (path) => {
    const segments = path.split('/');
    return patterns.find((pattern) => matches(pattern, segments))?.route ?? fold(path);
  };
}

/** The same with a bounded memory of the paths it has seen. */
export function createRouter(options: RouteOptions = {}): (path: string) => string {
  const route = createFolder(options);
  const cache = new Map<string, string>();
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
