/**
 * A scanner of JSON objects that looks for the values of a request and keeps where they stand.
 *
 * Gunicorn prints formats that look like JSON without escaping backslashes and control bytes (`gunicorn/glogging.py`,
 * SafeAtoms), so that one line in twenty is not JSON. Nothing is checked here that does not matter for finding the end
 * of a value; and when an object does not close, it is read again with `\"` ending a string wherever a comma, a colon
 * or a brace follows.
 */
import { BACKSLASH, QUOTE } from './bytes.ts';
import { FIELD_COUNT, JSON_KEYS, type JsonKey, RANKS } from './json-keys.ts';
import { PLAIN } from './line.ts';

/** No log nests its values deeper. */
const DEEPEST = 16;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;

function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(bytes[at])) at++;
  return at;
}

export class JsonScanner {
  /** By field: the key that told it, null when none did; then where its value stands, without quotes. */
  readonly keys: (JsonKey | null)[] = new Array<JsonKey | null>(FIELD_COUNT).fill(null);
  readonly starts = new Int32Array(FIELD_COUNT);
  readonly ends = new Int32Array(FIELD_COUNT);
  readonly #ranks = new Int32Array(FIELD_COUNT);
  #anyQuote = false;
  failure = { offset: 0, expected: '' };

  /** Finds the values in the object of [start, end). @returns false when there is none: then `failure` tells. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    this.#anyQuote = false;
    if (this.#scanObject(bytes, start, end)) return true;
    const { failure } = this;
    this.#anyQuote = true;
    if (this.#scanObject(bytes, start, end)) return true;
    this.failure = failure;
    return false;
  }

  #fail(offset: number, expected: string): false {
    this.failure = { offset, expected };
    return false;
  }

  #scanObject(bytes: Buffer, start: number, end: number): boolean {
    this.keys.fill(null);
    if (bytes[start] !== OPEN_BRACE) return this.#fail(start, 'a JSON object');
    let depth = 1;
    let at = skipBlanks(bytes, start + 1, end);
    while (depth > 0) {
      if (at >= end) return this.#fail(end, "'}'");
      if (bytes[at] === CLOSE_BRACE) {
        depth--;
        at = skipBlanks(bytes, at + 1, end);
        if (depth > 0 && bytes[at] === COMMA) at = skipBlanks(bytes, at + 1, end);
        continue;
      }
      if (bytes[at] !== QUOTE) return this.#fail(at, 'a key in quotes');
      const keyEnd = this.#stringEnd(bytes, at + 1, end);
      const colon = skipBlanks(bytes, keyEnd + 1, end);
      if (keyEnd === -1 || colon >= end || bytes[colon] !== COLON) return this.#fail(at, "a key and ':'");
      const key = JSON_KEYS.get(PLAIN.text(bytes, at + 1, keyEnd));
      at = skipBlanks(bytes, colon + 1, end);
      if (bytes[at] === OPEN_BRACE) {
        if (++depth > DEEPEST) return this.#fail(at, 'fewer objects in objects');
        at = skipBlanks(bytes, at + 1, end);
        continue;
      }
      const isString = bytes[at] === QUOTE;
      const valueStart = isString ? at + 1 : at;
      const valueEnd = isString ? this.#stringEnd(bytes, valueStart, end) : this.#bareEnd(bytes, at, end);
      if (valueEnd === -1) return this.#fail(at, 'a value');
      at = skipBlanks(bytes, isString ? valueEnd + 1 : valueEnd, end);
      if (at < end && bytes[at] === COMMA) at = skipBlanks(bytes, at + 1, end);
      else if (at >= end || bytes[at] !== CLOSE_BRACE) return this.#fail(at, "',' or '}'");
      if (key !== undefined && (isString || bytes[valueStart] !== OPEN_BRACKET))
        this.#keep(key, depth, valueStart, valueEnd);
    }
    return at >= end || this.#fail(at, 'the end of the line');
  }

  #keep(key: JsonKey, depth: number, start: number, end: number): void {
    const { field } = key;
    const rank = key.rank + depth * RANKS;
    if (this.keys[field] !== null && this.#ranks[field] <= rank) return;
    this.keys[field] = key;
    this.#ranks[field] = rank;
    this.starts[field] = start;
    this.ends[field] = end;
  }

  /** Offset of the quote that ends the string, or -1. */
  #stringEnd(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (!this.#anyQuote || isFollowed(bytes, at + 1, end)) return at;
      } else if (byte === BACKSLASH && !this.#anyQuote) at++;
    }
    return -1;
  }

  /** End of a number, a word, or an array with whatever is in it; -1 when the array does not close. */
  #bareEnd(bytes: Uint8Array, start: number, end: number): number {
    let depth = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (depth === 0 && (byte === COMMA || byte === CLOSE_BRACE || isBlank(byte))) return at > start ? at : -1;
      if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth++;
      else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth--;
      else if (byte === QUOTE) {
        const stringEnd = this.#stringEnd(bytes, at + 1, end);
        if (stringEnd === -1) return -1;
        at = stringEnd;
      }
    }
    return -1;
  }
}

/** Whether what follows a quote can follow a string: a colon, a comma and a key, the end of an object. */
function isFollowed(bytes: Uint8Array, start: number, end: number): boolean {
  const at = skipBlanks(bytes, start, end);
  if (at >= end) return false;
  if (bytes[at] === COMMA) return bytes[skipBlanks(bytes, at + 1, end)] === QUOTE;
  return bytes[at] === COLON || bytes[at] === CLOSE_BRACE;
}
