/** Out-of-memory kills that the kernel counted, each good for the explanation of one end. */

/** A reap line and the sample with the new count are at most this far apart. */
const NEAR_MS = 5000;
/** More at once than any service has workers. */
const MAX_PROOFS = 4096;

export class OomProofs {
  #count: number | null = null;
  #proofs: number[] = [];

  /** Whether anything counts: where nothing does, there is no use in waiting for a proof. */
  get isCounting(): boolean {
    return this.#count !== null;
  }

  /** The kernel's count as of a sample; the first one is where counting begins. */
  update(count: number, atMs: number): void {
    const kills = this.#count === null ? 0 : count - this.#count;
    this.#count = count;
    for (let i = 0; i < Math.min(kills, MAX_PROOFS); i += 1) this.#proofs.push(atMs);
  }

  /** Whether a kill was counted about then. */
  has(atMs: number): boolean {
    return this.#proofs.some((proofMs) => Math.abs(proofMs - atMs) <= NEAR_MS);
  }

  /** Uses up a kill that was counted about then. */
  take(atMs: number): boolean {
    const index = this.#proofs.findIndex((proofMs) => Math.abs(proofMs - atMs) <= NEAR_MS);
    if (index !== -1) this.#proofs.splice(index, 1);
    return index !== -1;
  }

  /** Takes back what `take` has used up: that end had another reason. */
  giveBack(atMs: number): void {
    this.#proofs.push(atMs);
  }

  /** Drops kills that no end has claimed. */
  forget(nowMs: number): void {
    this.#proofs = this.#proofs.filter((proofMs) => nowMs - proofMs <= NEAR_MS);
  }
}
