/** The fields that a filter may name. One row each. */
import { FilterError } from './errors.ts';

export type FieldType =
  | 'text'
  | 'method'
  | 'status'
  | 'number'
  | 'bytes'
  | 'duration'
  | 'time'
  | 'address'
  | 'level'
  /** A key of an application's JSON line: compared as what it is. */
  | 'json';

export interface Field {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: FieldType;
  /** For people who complete a name. */
  readonly help: string;
  /** Values that are worth offering. */
  readonly values?: readonly string[];
}

export const LEVELS: Readonly<Record<string, number>> = {
  trace: 5,
  debug: 10,
  info: 20,
  notice: 25,
  warning: 30,
  error: 40,
  critical: 50,
};
export const LEVEL_SYNONYMS: Readonly<Record<string, string>> = {
  warn: 'warning',
  err: 'error',
  exception: 'error',
  crit: 'critical',
  fatal: 'critical',
};

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export const FIELDS = [
  field('status', 'status', 'response status: 404, or 5xx for a class', ['status_code'], ['2xx', '3xx', '4xx', '5xx']),
  field('path', 'text', 'path as sent, without the query'),
  field('route', 'text', 'path with its ids folded: /users/{id}'),
  field('target', 'text', 'path as sent, with the query', ['url', 'uri']),
  field('method', 'method', 'request method', ['verb'], METHODS),
  field('protocol', 'text', 'protocol: HTTP/1.1', [], ['HTTP/1.0', 'HTTP/1.1', 'HTTP/2.0']),
  field(
    'latency',
    'duration',
    'request time: 250ms, 1s, 1m30s',
    ['duration', 'seconds'],
    ['100ms', '500ms', '1s', '5s'],
  ),
  field('bytes', 'bytes', 'body bytes: 500, 10k, 1M, 1MiB', ['size'], ['10k', '1M']),
  field('ip', 'address', 'client address, or a network: 10.0.0.0/8', ['address', 'client', 'remote_addr']),
  field('agent', 'text', 'user agent', ['user_agent', 'useragent', 'ua']),
  field('referrer', 'text', 'referrer', ['referer']),
  field('user', 'text', 'user, of the request or of an application line'),
  field('worker', 'number', 'pid of the worker, or of who wrote the entry', ['pid']),
  field('time', 'time', 'time of day (14:03) or a moment (2026-11-21T14:03)'),
  field('level', 'level', 'level of an entry', ['severity'], Object.keys(LEVELS)),
  field('message', 'text', 'message of an entry', ['msg']),
  field('traceback', 'text', 'traceback of an entry'),
  field('logger', 'text', 'logger of an entry'),
  field('event', 'text', 'kind of a life-cycle entry: worker-timeout, reload …'),
  field('kind', 'text', 'kind of the line', [], ['access', 'error', 'app']),
] as const satisfies readonly Field[];

export type FieldName = (typeof FIELDS)[number]['name'];

/** In front of the name of a JSON field, where a field of gtop has the same or nearly the same name. */
const JSON_PREFIX = 'fields.';

function field<const Name extends string>(
  name: Name,
  type: FieldType,
  help: string,
  aliases: readonly string[] = [],
  values: readonly string[] = [],
): Field & { readonly name: Name } {
  return { name, type, help, aliases, values };
}

const BY_NAME = new Map<string, (typeof FIELDS)[number]>(
  FIELDS.flatMap((each) => [each.name, ...each.aliases].map((name) => [name, each] as const)),
);

/** A known field, or a key of JSON lines. */
export type FoundField = { readonly field: (typeof FIELDS)[number] } | { readonly json: string };

/** `request_id`, `x-trace`, `order.total`: a word alone is more often a slip, or the field of another program. */
const COMPOUND = /[^a-z]/i;

/**
 * The field of a name. A compound name that is none is a key of JSON lines, unless a field is so close that it was
 * meant; a word alone is one behind {@link JSON_PREFIX} only.
 * @throws FilterError with what was probably meant, or all that there is.
 */
export function findField(name: string, at: number): FoundField {
  if (name.startsWith(JSON_PREFIX) && name.length > JSON_PREFIX.length) return { json: name.slice(JSON_PREFIX.length) };
  const found = BY_NAME.get(name) ?? BY_NAME.get(name.toLowerCase());
  if (found) return { field: found };
  const meant = closestField(name.toLowerCase());
  if (meant === null && COMPOUND.test(name)) return { json: name };
  const known = FIELDS.map((each) => each.name).join(', ');
  const wayOut = meant === null ? `: there are ${known}.` : `, did you mean '${meant}'?`;
  throw new FilterError(`no field '${name}'${wayOut} A field of JSON lines is '${JSON_PREFIX}${name}'`, at);
}

/** Short names have close neighbours that are words of their own: one slip in up to five letters, two in longer ones. */
function closestField(name: string): string | null {
  const allowed = name.length <= 5 ? 1 : 2;
  let closest: string | null = null;
  let least = allowed + 1;
  for (const candidate of BY_NAME.keys()) {
    if (candidate.length < 4 || name.length < 3) continue;
    const slips = slipsBetween(name, candidate);
    if (slips < least) [closest, least] = [candidate, slips];
  }
  return closest;
}

/** Letters that are missing, too many, wrong or swapped with their neighbour (Damerau's distance). */
function slipsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      let slips = Math.min(above[column] + 1, current[column - 1] + 1, above[column - 1] + (isSame ? 0 : 1));
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwapped) slips = Math.min(slips, before[column - 2] + 1);
      current.push(slips);
    }
    [before, above] = [above, current];
  }
  return above[b.length];
}
