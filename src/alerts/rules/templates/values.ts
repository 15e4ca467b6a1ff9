/** The values that templates work with: what of Go's types a template of Prometheus can come across. */
import type { Labels } from '../../promql/types.ts';
import { general } from './go-number.ts';

/** A template that cannot be read or carried out. The message is for whoever wrote it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What Prometheus would carry out and gtop has not: the template is no mistake. */
export class UnbuiltTemplateError extends TemplateError {}

/** Go tells whole numbers from floats: `printf "%d"` takes the former alone. */
export class GoInt {
  constructor(readonly value: number) {}
}

/** A moment, as `toTime` makes it. */
export class GoTime {
  constructor(readonly seconds: number) {}
}

/** One element of what `query` answers; also the data of an alert. */
export interface GoSample {
  readonly labels: Labels;
  readonly value: number;
}

/** Named fields, such as `.Labels` and `.Value`; a function of Prometheus' own has none. */
export class GoStruct {
  constructor(readonly fields: ReadonlyMap<string, GoValue>) {}
}

/** A number is a float64, a Map a `map[string]string` or what `args` makes. */
export type GoValue =
  | null
  | string
  | number
  | boolean
  | GoInt
  | GoTime
  | GoStruct
  | ReadonlyMap<string, GoValue>
  | readonly GoValue[];

/** One element as a template sees it. */
export const structOf = ({ labels, value }: GoSample): GoStruct =>
  new GoStruct(
    new Map<string, GoValue>([
      ['Labels', labels],
      ['Value', value],
    ]),
  );

export function typeName(value: GoValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof GoInt) return 'int';
  if (value instanceof GoTime) return 'time.Time';
  if (value instanceof Map) return 'map[string]string';
  return Array.isArray(value) ? 'list' : 'struct';
}

/** Whether `if` takes it for true: everything but the zero value of its type. */
export function isTrue(value: GoValue): boolean {
  if (value instanceof GoInt) return value.value !== 0;
  if (value instanceof Map) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof GoStruct || value instanceof GoTime) return true;
  return Boolean(value) || (typeof value === 'number' && Number.isNaN(value));
}

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** `2026-11-21 12:00:00.5 +0000 UTC`. */
export function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  if (Number.isNaN(time.getTime())) return general(seconds, 4);
  const date = `${pad(time.getUTCFullYear(), 4)}-${pad(time.getUTCMonth() + 1)}-${pad(time.getUTCDate())}`;
  const clock = `${pad(time.getUTCHours())}:${pad(time.getUTCMinutes())}:${pad(time.getUTCSeconds())}`;
  const milliseconds = time.getUTCMilliseconds();
  const fraction = milliseconds === 0 ? '' : `.${pad(milliseconds, 3).replace(/0+$/, '')}`;
  return `${date} ${clock}${fraction} +0000 UTC`;
}

/** What an action writes in its place. */
export const printedOf = (value: GoValue): string => (value === null ? '<no value>' : textOf(value));

/** As `fmt.Print` writes it: `%v`. */
export function textOf(value: GoValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return general(value, null);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof GoInt) return String(value.value);
  if (value instanceof GoTime) return timeText(value.seconds);
  if (value instanceof GoStruct) return `{${[...value.fields.values()].map(textOf).join(' ')}}`;
  if (value instanceof Map) {
    const entries = [...value].sort(([a], [b]) => (a < b ? -1 : 1)) as [string, GoValue][];
    return `map[${entries.map(([key, each]) => `${key}:${textOf(each)}`).join(' ')}]`;
  }
  return `[${(value as readonly GoValue[]).map(textOf).join(' ')}]`;
}
