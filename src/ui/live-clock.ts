/** The moment that would be shown live: the wall clock, or the clock of a replay. */
import type { Snapshot } from '../model/snapshot.ts';

export class LiveClock {
  #last: { readonly atMs: number; readonly heardMs: number; readonly speed: number } | null = null;

  /** Takes note of a live Snapshot that came just now. */
  note({ generatedAt, replay }: Pick<Snapshot, 'generatedAt' | 'replay'>, nowMs: number): void {
    const speed = replay ? (replay.ended ? 0 : replay.speed) : 1;
    this.#last = { atMs: Date.parse(generatedAt), heardMs: nowMs, speed };
  }

  at(nowMs: number): number {
    if (this.#last === null) return nowMs;
    const { atMs, heardMs, speed } = this.#last;
    return atMs + (nowMs - heardMs) * speed;
  }
}
