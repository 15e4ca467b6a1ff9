/** The host's network counters as counters that never go down. */
import type { HostSample } from '../facts.ts';

/** Bytes since boot, as far as the interfaces that are there tell. */
export interface NetworkBytes {
  readonly received: number;
  readonly sent: number;
}

/**
 * Begins with what the kernel has counted and adds what it counts on. When an interface goes away, the kernel's sum goes
 * down: that step is left out.
 */
export class NetworkTotals {
  #before: NetworkBytes | null = null;
  #totals: NetworkBytes | null = null;

  /** Null before the first look, and where nobody can tell. */
  get totals(): NetworkBytes | null {
    return this.#totals;
  }

  add({ networkReceivedBytes: received, networkSentBytes: sent }: HostSample): void {
    if (received == null || sent == null) return;
    const before = this.#before ?? { received: 0, sent: 0 };
    const totals = this.#totals ?? { received: 0, sent: 0 };
    this.#totals = {
      received: totals.received + Math.max(0, received - before.received),
      sent: totals.sent + Math.max(0, sent - before.sent),
    };
    this.#before = { received, sent };
  }
}
