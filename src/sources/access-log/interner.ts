/** The same string for the same bytes, so that what repeats in a log costs no allocation. */
import { viewOf } from './bytes.ts';

/** Entries before all are forgotten at once. A generation of 32,768 holds what is busy in any log. */
const MOST_ENTRIES = 1 << 15;
const SLOTS = MOST_ENTRIES * 2;
/** Longer values rarely repeat, and would fill the arena. */
const LONGEST = 256;
const ARENA_WORDS = 1024 * 1024;
/** Slots looked at for a value. Who makes values of one hash makes them push each other out, no more. */
const MOST_PROBES = 8;

/** Makes text of bytes [start, end); the string must not hold on to the buffer. */
export type Decode = (bytes: Buffer, start: number, end: number) => string;

/**
 * An open-addressed hash table over copies of the bytes. It is bounded: when it is full it starts again empty, which a
 * log of nothing but new values cannot make expensive. Bytes are compared, so two values with one hash stay two.
 *
 * Hash and comparison go by words of four bytes (a DataView may read them anywhere): by bytes they would cost more than
 * finding the value did.
 */
export class Interner {
  /** Makes text without keeping it. */
  readonly decode: Decode;
  /** By slot, in twos: the hash, and where the entry begins in the arena (0: the slot is free). */
  readonly #slots = new Int32Array(SLOTS * 2);
  /** Entries: the length in bytes, then the words, the last one filled up with zeros. */
  readonly #arena = new Int32Array(ARENA_WORDS);
  /** By slot. */
  readonly #texts = new Array<string>(SLOTS).fill('');
  #entries = 0;
  #arenaUsed = 1;

  constructor(decode: Decode) {
    this.decode = decode;
  }

  /** The text of bytes [start, end). */
  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return this.decode(bytes, start, end);
    const view = viewOf(bytes);
    const wordsEnd = start + (length & ~3);
    let hash = length;
    for (let at = start; at < wordsEnd; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    }
    let rest = 0;
    for (let at = end - 1; at >= wordsEnd; at--) rest = (rest << 8) | view.getUint8(at);
    hash ^= rest;
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash ^= hash >>> 13;

    const slots = this.#slots;
    let slot = hash & (SLOTS - 1);
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const offset = slots[slot * 2 + 1];
      if (offset === 0) return this.#add(slot, hash, bytes, start, end, rest);
      if (slots[slot * 2] === hash && this.#holds(offset, length, view, start, wordsEnd, rest)) {
        return this.#texts[slot];
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return this.#add(hash & (SLOTS - 1), hash, bytes, start, end, rest);
  }

  #holds(offset: number, length: number, view: DataView, start: number, wordsEnd: number, rest: number): boolean {
    const arena = this.#arena;
    if (arena[offset] !== length) return false;
    let word = offset + 1;
    for (let at = start; at < wordsEnd; at += 4) if (arena[word++] !== view.getInt32(at, true)) return false;
    return arena[word] === rest;
  }

  /** @param place a free slot, or one whose value has to go. */
  #add(place: number, hash: number, bytes: Buffer, start: number, end: number, rest: number): string {
    let slot = place;
    if (this.#entries === MOST_ENTRIES || this.#arenaUsed + LONGEST / 4 + 2 > ARENA_WORDS) {
      this.#slots.fill(0);
      this.#texts.fill('');
      this.#entries = 0;
      this.#arenaUsed = 1;
      slot = hash & (SLOTS - 1);
    }
    const text = this.decode(bytes, start, end);
    this.#texts[slot] = text;
    this.#entries++;
    this.#slots[slot * 2] = hash;
    this.#slots[slot * 2 + 1] = this.#arenaUsed;
    this.#arena[this.#arenaUsed++] = end - start;
    const view = viewOf(bytes);
    for (let at = start; at + 4 <= end; at += 4) this.#arena[this.#arenaUsed++] = view.getInt32(at, true);
    this.#arena[this.#arenaUsed++] = rest;
    return text;
  }
}
