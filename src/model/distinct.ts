/**
 * HyperLogLog (Flajolet et al., 2007): the number of distinct keys in 2 kB, with a standard error of
 * 1.04/√2048 = 2.3 %; small numbers by linear counting. Mergeable.
 */
const REGISTER_BITS = 11;
const REGISTERS = 2 ** REGISTER_BITS;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

export class DistinctCounter {
  readonly #registers: Uint8Array;

  /** @param registers of a counter elsewhere, as `registers` gives them. */
  constructor(registers: Uint8Array = new Uint8Array(REGISTERS)) {
    this.#registers = registers;
  }

  /** All that the counter knows: one byte each. */
  get registers(): Uint8Array {
    return this.#registers;
  }

  add(key: string): void {
    const hash = hash32(key);
    const register = hash >>> (32 - REGISTER_BITS);
    // The bits below choose the rank; the marker bit ends the count where they are all 0.
    const rank = Math.clz32((hash << REGISTER_BITS) | (1 << (REGISTER_BITS - 1))) + 1;
    if (rank > this.#registers[register]) this.#registers[register] = rank;
  }

  merge(other: DistinctCounter): void {
    for (let index = 0; index < REGISTERS; index++) {
      if (other.#registers[index] > this.#registers[index]) this.#registers[index] = other.#registers[index];
    }
  }

  estimate(): number {
    let inverseSum = 0;
    let empty = 0;
    for (const rank of this.#registers) {
      inverseSum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const raw = (ALPHA * REGISTERS * REGISTERS) / inverseSum;
    return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
  }
}

/** FNV-1a over the UTF-16 units, then MurmurHash3's finalizer, because FNV's high bits alone are not even enough. */
function hash32(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
