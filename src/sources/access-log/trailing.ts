/** What stands behind the combined fields in a format that nobody told us: a duration and a pid, usually. */
import type { DurationUnit } from '../../model/snapshot.ts';
import { digitsEnd, isDigit, type Line, readNumber } from './line.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;

/** What was recognised, for the person who wants to know. */
export interface TrailingFields {
  /** `%(D)s`, `%(L)s`, …; null without a duration. */
  duration: string | null;
  unit: DurationUnit | null;
  worker: boolean;
}

/** Suffixes in use in the wild, with their seconds. */
const SUFFIXES: readonly { readonly text: string; readonly seconds: number; readonly unit: DurationUnit }[] = [
  { text: 'µs', seconds: 1e-6, unit: 'microseconds' },
  { text: 'us', seconds: 1e-6, unit: 'microseconds' },
  { text: 'ms', seconds: 1e-3, unit: 'milliseconds' },
  { text: 's', seconds: 1, unit: 'seconds' },
];

/** End of the field at `start`: a quoted text as a whole, else up to the next blank. */
function fieldEnd(bytes: Buffer, start: number, end: number): number {
  let index = start;
  if (bytes[index] === QUOTE) {
    index++;
    while (index < end && !(bytes[index] === QUOTE && bytes[index - 1] !== BACKSLASH)) index++;
    return Math.min(end, index + 1);
  }
  while (index < end && bytes[index] !== SPACE) index++;
  return index;
}

/**
 * Reads the fields of [start, end) into the line and into `found`. A whole number without a unit becomes
 * `line.unitless`: of a pair `T/D` the second, else the first one.
 */
export function readTrailing(line: Line, bytes: Buffer, start: number, end: number, found: TrailingFields): void {
  let hasDuration = false;
  for (let index = start; index < end; ) {
    if (bytes[index] === SPACE) {
      index++;
      continue;
    }
    const stop = fieldEnd(bytes, index, end);
    if (bytes[index] === LESS && bytes[stop - 1] === GREATER) {
      const pid = readNumber(bytes, index + 1, stop - 1);
      if (pid > 0) {
        line.worker = pid;
        found.worker = true;
      }
    } else if (!hasDuration) hasDuration = readDuration(line, bytes, index, stop, found);
    index = stop;
  }
}

function readDuration(line: Line, bytes: Buffer, fieldStart: number, end: number, found: TrailingFields): boolean {
  let start = fieldStart;
  // `rt=0.123`, `"rt=0.123"`.
  if (bytes[start] === QUOTE) start++;
  const equals = bytes.indexOf(0x3d, start);
  if (equals !== -1 && equals < end && equals - start <= 24) start = equals + 1;
  let stop = end;
  if (stop > start && bytes[stop - 1] === QUOTE) stop--;
  if (start >= stop || !isDigit(bytes[start])) return false;

  let digits = digitsEnd(bytes, start, stop);
  if (bytes[digits] === SLASH && digits + 1 < stop && digitsEnd(bytes, digits + 1, stop) === stop) {
    start = digits + 1;
    digits = stop;
  }
  if (digits === stop) {
    line.unitless = readNumber(bytes, start, stop);
    return true;
  }
  const numberStop = bytes[digits] === DOT ? digitsEnd(bytes, digits + 1, stop) : digits;
  const value = readNumber(bytes, start, numberStop);
  if (Number.isNaN(value)) return false;
  if (numberStop === stop) {
    // Six decimals are %(L)s; another number of them is seconds too, or not a duration at all.
    if (stop - digits !== 7) return false;
    return known(line, found, value, 'seconds', '%(L)s');
  }
  const text = bytes.toString('utf8', numberStop, stop);
  const suffix = SUFFIXES.find((candidate) => candidate.text === text);
  return suffix ? known(line, found, value * suffix.seconds, suffix.unit, `<duration>${text}`) : false;
}

function known(line: Line, found: TrailingFields, seconds: number, unit: DurationUnit, name: string): true {
  line.setSeconds(seconds);
  found.unit = unit;
  found.duration = name;
  return true;
}
