/** The same string for the same bytes, so that what repeats in a log costs no allocation. */
import { viewOf } from './bytes.ts';

/** Entries before all are forgotten at once. A generation of 32,768 holds what is busy in any log. */
const MOST_ENTRIES = 1 << 15;
/** The table doubles when it is half full, the arena when it is full: most logs have a few thousand values. */
const FIRST_SLOTS = 1 << 10;
const FIRST_ARENA_WORDS = 1 << 13;
const MOST_ARENA_WORDS = 1 << 20;
/** Longer values rarely repeat, and would fill the arena. */
const LONGEST = 256;
/** Words of the longest entry: its length, its text's number, its bytes. */
const LONGEST_ENTRY = LONGEST / 4 + 3;
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
  #slots = new Int32Array(FIRST_SLOTS * 2);
  /** Entries: the length in bytes, the text's number, then the words, the last one filled up with zeros. */
  #arena = new Int32Array(FIRST_ARENA_WORDS);
  #arenaUsed = 1;
  #texts: string[] = [];

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
    const mask = (slots.length >> 1) - 1;
    let slot = hash & mask;
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const offset = slots[slot * 2 + 1];
      if (offset === 0) return this.#add(slot, hash, bytes, start, end, rest);
      if (slots[slot * 2] === hash && this.#holds(offset, length, view, start, wordsEnd, rest)) {
        return this.#texts[this.#arena[offset + 1]];
      }
      slot = (slot + 1) & mask;
    }
    return this.#add(hash & mask, hash, bytes, start, end, rest);
  }

  #holds(offset: number, length: number, view: DataView, start: number, wordsEnd: number, rest: number): boolean {
    const arena = this.#arena;
    if (arena[offset] !== length) return false;
    let word = offset + 2;
    for (let at = start; at < wordsEnd; at += 4) if (arena[word++] !== view.getInt32(at, true)) return false;
    return arena[word] === rest;
  }

  /** @param place a free slot, or one whose value has to go. */
  #add(place: number, hash: number, bytes: Buffer, start: number, end: number, rest: number): string {
    const slot = this.#makeRoom() ? freeSlot(this.#slots, hash) : place;
    const text = this.decode(bytes, start, end);
    this.#slots[slot * 2] = hash;
    this.#slots[slot * 2 + 1] = this.#arenaUsed;
    this.#arena[this.#arenaUsed++] = end - start;
    this.#arena[this.#arenaUsed++] = this.#texts.length;
    this.#texts.push(text);
    const view = viewOf(bytes);
    for (let at = start; at + 4 <= end; at += 4) this.#arena[this.#arenaUsed++] = view.getInt32(at, true);
    this.#arena[this.#arenaUsed++] = rest;
    return text;
  }

  /** For one more entry. @returns whether values have other slots now. */
  #makeRoom(): boolean {
    if (this.#texts.length === MOST_ENTRIES || this.#arenaUsed + LONGEST_ENTRY > MOST_ARENA_WORDS) {
      this.#slots.fill(0);
      this.#texts = [];
      this.#arenaUsed = 1;
      return true;
    }
    if (this.#arenaUsed + LONGEST_ENTRY > this.#arena.length) {
      const grown = new Int32Array(2 * this.#arena.length);
      grown.set(this.#arena);
      this.#arena = grown;
    }
    if (4 * this.#texts.length < this.#slots.length) return false;
    this.#spread(2 * this.#slots.length);
    return true;
  }

  /** Gives every entry its slot in a table of another size; one whose slots are all taken goes. */
  #spread(length: number): void {
    const before = this.#slots;
    const slots = new Int32Array(length);
    for (let at = 0; at < before.length; at += 2) {
      if (before[at + 1] === 0) continue;
      const slot = freeSlot(slots, before[at]);
      slots[slot * 2] = before[at];
      slots[slot * 2 + 1] = before[at + 1];
    }
    this.#slots = slots;
  }
}

/** Where a value of this hash goes: the last slot that is looked at for it may be taken. */
function freeSlot(slots: Int32Array, hash: number): number {
  const mask = (slots.length >> 1) - 1;
  let slot = hash & mask;
  for (let probe = 1; probe < MOST_PROBES && slots[slot * 2 + 1] !== 0; probe++) slot = (slot + 1) & mask;
  return slot;
}
