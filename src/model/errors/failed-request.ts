/** Which request an entry's traceback is about, by the words of whoever logged it. */

export interface FailedRequest {
  readonly method: string | null;
  /** As sent, without the query. */
  readonly path: string;
}

/** One row a framework. */
const MESSAGES: readonly { readonly pattern: RegExp; readonly method?: number; readonly target: number }[] = [
  // `gunicorn/workers/base.py`, handle_error: with the method since 25.2. `(no URI read)` is none.
  { pattern: /^Error handling request (?:([A-Z]+) )?([^(\s]\S*)$/, method: 1, target: 2 },
  // Flask, Flask.log_exception: `Exception on /x [GET]`; in a shared log behind the logger's name.
  { pattern: /(?:^|: )Exception on (\S+) \[([A-Z]+)\]$/, method: 2, target: 1 },
  // Django, django.request: `Internal Server Error: /x`.
  { pattern: /(?:^|[\s:])Internal Server Error: (\S+)$/, target: 1 },
  // aiohttp, tornado: `Uncaught exception GET /x (127.0.0.1)`.
  { pattern: /^Uncaught exception ([A-Z]+) (\S+)/, method: 1, target: 2 },
];
/** What JSON formatters call them; the first that is there counts. */
const PATH_FIELDS = ['path', 'request_path', 'url.path', 'http.target', 'uri'];
const METHOD_FIELDS = ['method', 'request_method', 'http.method', 'http.request.method'];
const MOST_CHARACTERS = 4096;

const pathOf = (target: string): string => target.split(/[?#]/, 1)[0] ?? target;

/** The request that a line names; null for one that names none. */
export function requestIn(line: string | null): FailedRequest | null {
  if (line === null || line.length > MOST_CHARACTERS) return null;
  for (const { pattern, method, target } of MESSAGES) {
    const match = pattern.exec(line);
    if (match) return { method: (method && match[method]) || null, path: pathOf(match[target] ?? '') };
  }
  return null;
}

/** The request that a JSON line's fields name. */
export function requestOfFields(fields: Readonly<Record<string, unknown>> | null | undefined): FailedRequest | null {
  if (!fields) return null;
  const text = (keys: readonly string[]): string | null => {
    const value = keys.map((key) => fields[key]).find((one) => typeof one === 'string' && one !== '');
    return typeof value === 'string' ? value : null;
  };
  const target = text(PATH_FIELDS);
  return target?.startsWith('/') ? { method: text(METHOD_FIELDS), path: pathOf(target) } : null;
}
