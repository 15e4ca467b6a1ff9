/** Filters as predicates on entries of error and application logs, and on events. */
import type { Comparison, Expression } from './expression.ts';
import { type FieldName, findField } from './fields.ts';
import type { FilteredEntry } from './subjects.ts';
import { testOf, type ValueTest, type Zone } from './tests.ts';

export interface EntrySubject {
  readonly kind: 'error' | 'app' | 'event';
  readonly entry: FilteredEntry;
}

/** True or false as far as the entry tells; null: it does not. */
type Judgement = (subject: EntrySubject) => boolean | null;

export interface EntryPredicates {
  /** The entry is known to fit; what it does not tell is false, which `not` turns round. */
  readonly passes: (subject: EntrySubject) => boolean;
  /** The filter does not rule the entry out: what it does not tell is left open. */
  readonly mayPass: (subject: EntrySubject) => boolean;
}

export interface EntryReading {
  readonly zone: Zone;
  /** The route of a path. */
  readonly route: (path: string) => string;
}

/** @throws FilterError where a field, an operator or a value is none. */
export function entryPredicates(expression: Expression, reading: EntryReading): EntryPredicates {
  const strict = judgementOf(expression, (comparison) => known(comparisonOf(comparison, reading)));
  const open = judgementOf(expression, (comparison) => comparisonOf(comparison, reading));
  return { passes: (subject) => strict(subject) === true, mayPass: (subject) => open(subject) !== false };
}

const known =
  (judgement: Judgement): Judgement =>
  (subject) =>
    judgement(subject) ?? false;

/** `and`, `or` and `not` by Kleene's tables: what is open stays open only where it matters. */
function judgementOf(expression: Expression, leaf: (comparison: Comparison) => Judgement): Judgement {
  switch (expression.kind) {
    case 'comparison':
      return leaf(expression);
    case 'text': {
      const { text } = expression;
      return ({ entry }) => textsOf(entry).some((each) => each?.includes(text));
    }
    case 'not': {
      const part = judgementOf(expression.part, leaf);
      return (subject) => {
        const result = part(subject);
        return result === null ? null : !result;
      };
    }
    default: {
      const decisive = expression.kind === 'or';
      const parts = expression.parts.map((part) => judgementOf(part, leaf));
      return (subject) => {
        let result: boolean | null = !decisive;
        for (const part of parts) {
          const each = part(subject);
          if (each === decisive) return decisive;
          if (each === null) result = null;
        }
        return result;
      };
    }
  }
}

/** Where plain text is looked for. */
const textsOf = (entry: FilteredEntry): readonly (string | null | undefined)[] => {
  const { message, traceback, fields } = entry;
  return [message, targetOf(entry), typeof fields?.path === 'string' ? fields.path : null, traceback];
};

const targetOf = ({ event, request }: FilteredEntry): string | null => event?.target ?? request?.target ?? null;
const pathOf = (entry: FilteredEntry): string | null => targetOf(entry)?.replace(/[?#].*$/s, '') ?? null;

/** What an entry has of its own; of other fields it may have a JSON field of the name. */
const OWN: Partial<Record<FieldName, (subject: EntrySubject, reading: EntryReading) => unknown>> = {
  kind: ({ kind }) => kind,
  level: ({ entry }) => entry.level,
  message: ({ entry }) => entry.message,
  traceback: ({ entry }) => entry.traceback,
  logger: ({ entry }) => entry.logger,
  event: ({ entry }) => entry.event?.kind,
  worker: ({ entry }) => entry.pid,
  time: ({ entry }) => entry.atMs,
  method: ({ entry }) => entry.event?.method ?? entry.request?.method,
  path: ({ entry }) => pathOf(entry),
  route: ({ entry }, { route }) => {
    const path = pathOf(entry);
    return path === null ? null : route(path);
  },
  target: ({ entry }) => targetOf(entry),
  ip: ({ entry }) => entry.event?.address,
};

/** In which unit an application writes these nobody knows; and a route is made of a path, never written. */
const NOT_IN_JSON: readonly FieldName[] = ['latency', 'time', 'kind', 'route'];

function comparisonOf(comparison: Comparison, reading: EntryReading): Judgement {
  const { zone } = reading;
  const found = findField(comparison.field, comparison.at);
  if ('json' in found) {
    const value = testOf(comparison, 'json', zone);
    // An entry without this field is not about what the filter asks for: that is no open question.
    return ({ entry }) => judge(value, jsonField(entry, found.json)) ?? false;
  }
  const { name, aliases, type } = found.field;
  const value = testOf(comparison, type, zone);
  const own = OWN[name];
  const names = NOT_IN_JSON.includes(name) ? [] : [name, ...aliases];
  return (subject) => {
    const mine = own?.(subject, reading) ?? null;
    if (mine !== null) return judge(value, mine);
    const key = names.find((each) => jsonField(subject.entry, each) !== undefined);
    return key === undefined ? null : judge(value, jsonField(subject.entry, key));
  };
}

function judge(value: ValueTest, known: unknown): boolean | null {
  if (value.of === 'any') return value.test(known);
  if (value.of === 'text') return typeof known === 'string' ? value.test(known) : null;
  const amount = typeof known === 'string' && known.trim() !== '' ? Number(known) : known;
  return typeof amount === 'number' && !Number.isNaN(amount) ? value.test(amount) : null;
}

/** A field by its name, or by its way through objects: `request.id`. */
function jsonField({ fields }: FilteredEntry, name: string): unknown {
  if (!fields) return undefined;
  if (Object.hasOwn(fields, name)) return fields[name];
  if (!name.includes('.')) return undefined;
  let at: unknown = fields;
  for (const key of name.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}
