/** What stands behind the combined fields in a format that nobody told us: a duration and a pid, usually. */
import type { DurationUnit } from '../../model/snapshot.ts';
import { BACKSLASH, digitsEnd, findByte, isDigit, isExactly, MINUS, QUOTE, readDigits, SPACE } from './bytes.ts';
import type { Line } from './line.ts';

const DOT = 0x2e;
const SLASH = 0x2f;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const UNDERSCORE = 0x5f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
/** `request_time=` and the like; what stands before a later `=` is no name. */
const LONGEST_NAME = 24;
/** `%(L)s` is printed as `%d.%06d`. */
const DECIMALS_OF_L = 6;

/** Units in use in the wild, behind the number. */
const SUFFIXES: readonly { readonly text: Buffer; readonly seconds: number; readonly unit: DurationUnit }[] = [
  { text: Buffer.from('µs'), seconds: 1e-6, unit: 'microseconds' },
  { text: Buffer.from('μs'), seconds: 1e-6, unit: 'microseconds' },
  { text: Buffer.from('us'), seconds: 1e-6, unit: 'microseconds' },
  { text: Buffer.from('ms'), seconds: 1e-3, unit: 'milliseconds' },
  { text: Buffer.from('s'), seconds: 1, unit: 'seconds' },
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
 * Reads the fields of [start, end) into the line. The duration is the first field that can be one: a whole number
 * without a unit becomes `line.unitless`, and of a pair `T/D` the second counts.
 */
export function readTrailing(line: Line, bytes: Buffer, start: number, end: number): void {
  for (let index = start; index < end; ) {
    if (bytes[index] === SPACE) {
      index++;
      continue;
    }
    const stop = fieldEnd(bytes, index, end);
    readField(line, bytes, index, stop);
    index = stop;
  }
}

/** A field, perhaps with a name or between quotes: `rt=0.123`, `"rt=0.123"`, `pid=<26190>`, `[<26190>]`. */
function readField(line: Line, bytes: Buffer, fieldStart: number, fieldStop: number): void {
  if (bytes[fieldStart] === OPEN_BRACKET && bytes[fieldStop - 1] === CLOSE_BRACKET) {
    readPid(line, bytes, fieldStart + 1, fieldStop - 1);
    return;
  }
  const isQuoted = bytes[fieldStart] === QUOTE;
  const stop = isQuoted && fieldStop > fieldStart + 1 && bytes[fieldStop - 1] === QUOTE ? fieldStop - 1 : fieldStop;
  const start = nameEnd(bytes, isQuoted ? fieldStart + 1 : fieldStart, stop);
  if (bytes[start] === LESS) readPid(line, bytes, start, stop);
  else if (line.durationName === null) readDuration(line, bytes, start, stop);
}

/** Offset behind `name=`; `start` when no name stands there: `/path?page=1` is none. */
function nameEnd(bytes: Buffer, start: number, stop: number): number {
  const equals = findByte(bytes, EQUALS, start, Math.min(stop, start + LONGEST_NAME));
  for (let at = start; at < equals; at++) if (!isNameByte(bytes[at])) return start;
  return equals === -1 ? start : equals + 1;
}

/** A letter, a digit, `_`, `-` or `.`. */
function isNameByte(byte: number): boolean {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x7a) || byte === UNDERSCORE || byte === MINUS || byte === DOT;
}

/** `<26190>`, as `%(p)s` prints it. */
function readPid(line: Line, bytes: Buffer, start: number, stop: number): void {
  const digits = digitsEnd(bytes, start + 1, stop);
  if (bytes[start] === LESS && digits > start + 1 && digits === stop - 1 && bytes[digits] === GREATER) {
    line.setWorker(readDigits(bytes, start + 1, digits));
  }
}

function readDuration(line: Line, bytes: Buffer, fieldStart: number, stop: number): void {
  let start = fieldStart;
  let whole = digitsEnd(bytes, start, stop);
  if (whole === start) return;
  let pairedSeconds = Number.NaN;
  if (whole < stop && bytes[whole] === SLASH && isDigit(bytes[whole + 1])) {
    pairedSeconds = readDigits(bytes, start, whole);
    start = whole + 1;
    whole = digitsEnd(bytes, start, stop);
  }
  const amount = readDigits(bytes, start, whole);
  if (whole === stop) {
    line.unitless = amount;
    line.pairedSeconds = pairedSeconds;
    line.durationName = '%(D)s';
    return;
  }
  const decimals = bytes[whole] === DOT ? digitsEnd(bytes, whole + 1, stop) - whole - 1 : 0;
  const numberStop = decimals > 0 ? whole + 1 + decimals : whole;
  const value = decimals > 0 ? amount + readDigits(bytes, whole + 1, numberStop) / 10 ** decimals : amount;
  if (numberStop === stop) {
    if (decimals === DECIMALS_OF_L) setDuration(line, '%(L)s', value, 'seconds', true);
    return;
  }
  for (const { text, seconds, unit } of SUFFIXES) {
    if (!isExactly(bytes, numberStop, stop, text)) continue;
    setDuration(line, `a duration in ${unit}`, value * seconds, unit, false);
    return;
  }
}

function setDuration(line: Line, name: string, seconds: number, unit: DurationUnit, isAssumed: boolean): void {
  line.setSeconds(seconds);
  line.durationName = name;
  line.unit = unit;
  line.unitAssumed = isAssumed;
}
