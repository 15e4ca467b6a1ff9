/** The filter that names what a detail is about: the rest of the screen's machinery then answers for it alone. */
import type { DetailTarget, TargetOf } from './detail-view.ts';

/** As long as a filter may be. */
const MOST_CHARACTERS = 1000;

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A text as a regular expression for itself, no more and no less. */
const exactly = (text: string): string => quoted(`^${text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}$`);

/** An address or a network, which the filter compares as numbers. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]*:[\da-f:]*)(?:\/\d{1,3})?$/i;

/** In place of a method that no line tells. */
const NO_METHOD = '-';

function pathFilter({ method, path, slow }: TargetOf<'path'>): string {
  const isKnown = method !== null && method !== NO_METHOD;
  const parts = [
    isKnown ? `method=${quoted(method)}` : 'not method~.',
    path === null ? 'not path~.' : `${slow === null ? 'route' : 'path'}=${quoted(path)}`,
  ];
  return parts.join(' and ');
}

function clientFilter({ list, value }: TargetOf<'client'>): string {
  switch (list) {
    case 'addresses':
      return ADDRESS.test(value) ? `ip=${quoted(value)}` : `ip~${exactly(value)}`;
    case 'userAgents':
      return `agent=${quoted(value)}`;
    case 'methods':
      return `method=${quoted(value)}`;
    case 'referrers':
      return `referrer=${quoted(value)}`;
  }
}

/** Null where no filter is needed: alerts and events, which none touches, and what was thrown at all. */
export function targetFilter(target: DetailTarget): string | null {
  switch (target.kind) {
    case 'path':
      return pathFilter(target);
    case 'client':
      return clientFilter(target);
    case 'worker':
      return `worker=${target.pid}`;
    case 'alert':
    case 'event':
    case 'errors':
      return null;
  }
}

/** What is written within so long after an event may still be about it: a worker ends a moment after its timeout. */
const AFTERMATH_MS = 1000;

/**
 * The filter for the raw lines of a detail that `targetFilter` has none for: of an event all entries up to it, and the
 * requests of its worker and of its path; of tracebacks the entries that hold one, and the requests that failed.
 */
export function targetLinesFilter(target: DetailTarget): string | null {
  if (target.kind === 'errors') return 'traceback~. or status>=500';
  if (target.kind !== 'event') return targetFilter(target);
  const { at, worker, path } = target.event;
  const parts = [
    'not kind=access',
    ...(worker === null ? [] : [`worker=${worker}`]),
    ...(path === null ? [] : [`path=${quoted(path)}`]),
  ];
  return joinFilters(parts.join(' or '), upTo(Date.parse(at) + AFTERMATH_MS));
}

/** Lines of a moment and before; lines tell whole seconds. */
export const upTo = (atMs: number): string => `time<=${new Date(atMs).toISOString().slice(0, -5)}Z`;

/** Both must pass. */
export function joinFilters(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return `(${a}) and (${b})`;
}

export const isTooLong = (filter: string | null): boolean => (filter?.length ?? 0) > MOST_CHARACTERS;
