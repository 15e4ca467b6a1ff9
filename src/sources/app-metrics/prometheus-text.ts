/**
 * Reads Prometheus' text format 0.0.4, and what OpenMetrics 1.0 and Prometheus 3 add to its sample lines: exemplars,
 * `# EOF`, names in quotes. Types and help texts are not needed, so comments are skipped.
 *
 *     name{label="value",…} value [timestamp] [# exemplar]
 *
 * The grammar: https://prometheus.io/docs/instrumenting/exposition_formats/
 */

export interface TextSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null for NaN and the infinities. */
  readonly value: number | null;
}

export interface TextReading {
  readonly samples: readonly TextSample[];
  /** Lines beyond `most` samples. */
  readonly dropped: number;
  /** Lines that are neither sample nor comment. */
  readonly rejected: number;
}

/** Labels of one series that are kept, and characters of one name or value. */
const MOST_LABELS = 30;
const MOST_CHARACTERS = 500;

/** @param most samples to keep: the first ones, so that the choice is the same at each reading. */
export function readPrometheusText(text: string, most: number): TextReading {
  const samples: TextSample[] = [];
  let dropped = 0;
  let rejected = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    // Beyond the limit lines are only counted: a page of 1 MiB would hold up everything else for 40 ms.
    const sample = samples.length < most ? readSample(trimmed) : undefined;
    if (sample === undefined) dropped++;
    else if (sample === null) rejected++;
    else samples.push(sample);
  }
  return { samples, dropped, rejected };
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const QUOTED = /"([^"\\]*(?:\\.[^"\\]*)*)"/y;
const BLANKS = /[ \t]*/y;
/** What Go's ParseFloat takes, but for hexadecimal and underscores, which nobody writes. */
const NUMBER = /(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:inf|infinity|nan))(?=[ \t]|$)/iy;
/** A time stamp, milliseconds or (OpenMetrics) seconds, and an exemplar. */
const TAIL = /(?:[ \t]+-?\d+(?:\.\d+)?)?(?:[ \t]+#[ \t].*)?$/y;

/** A place in a line. */
interface Cursor {
  readonly line: string;
  at: number;
}

/** What the pattern matches here, stepping over it; null where it does not. */
function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.line);
  if (match !== null) cursor.at += match[0].length;
  return match;
}

function takeCharacter(cursor: Cursor, character: string): boolean {
  take(cursor, BLANKS);
  if (cursor.line[cursor.at] !== character) return false;
  cursor.at++;
  return true;
}

/** Null for a line that is no sample. */
function readSample(line: string): TextSample | null {
  const cursor: Cursor = { line, at: 0 };
  const bare = take(cursor, NAME)?.[0] ?? null;
  const braces = takeCharacter(cursor, '{') ? readBraces(cursor) : { name: null, labels: {} };
  const name = bare ?? braces?.name ?? null;
  if (name === null || braces === null || (bare !== null && braces.name !== null)) return null;
  take(cursor, BLANKS);
  const number = take(cursor, NUMBER)?.[0];
  if (number === undefined || take(cursor, TAIL) === null) return null;
  const value = Number(number);
  return { name: cut(name), labels: braces.labels, value: Number.isFinite(value) ? value : null };
}

/** Behind the opening brace up to the closing one: labels, and since Prometheus 3 perhaps the name in quotes. */
function readBraces(cursor: Cursor): { name: string | null; labels: Record<string, string> } | null {
  let name: string | null = null;
  const labels: [string, string][] = [];
  while (!takeCharacter(cursor, '}')) {
    const key = readName(cursor);
    if (key === null) return null;
    if (takeCharacter(cursor, '=')) {
      take(cursor, BLANKS);
      const value = take(cursor, QUOTED)?.[1];
      if (value === undefined || labels.length === MOST_LABELS) return null;
      labels.push([cut(key.text), cut(unescaped(value))]);
    } else if (key.isQuoted && name === null) name = key.text;
    else return null;
    if (takeCharacter(cursor, ',')) continue;
    if (cursor.line[cursor.at] !== '}') return null;
  }
  return { name, labels: Object.fromEntries(labels) };
}

function readName(cursor: Cursor): { readonly text: string; readonly isQuoted: boolean } | null {
  take(cursor, BLANKS);
  const bare = take(cursor, NAME)?.[0];
  if (bare !== undefined) return { text: bare, isQuoted: false };
  const quoted = take(cursor, QUOTED)?.[1];
  return quoted === undefined ? null : { text: unescaped(quoted), isQuoted: true };
}

/** `\\`, `\"` and `\n` are escapes; a backslash before anything else is itself. */
const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character))
    : text;

const cut = (text: string): string => (text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text);
