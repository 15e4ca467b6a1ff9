/**
 * What one channel was told of each alert: decides what it must be told now. Pure but for its own state; time is an
 * argument.
 */
import type { NotifiableAlert } from './alert.ts';

/** An alert that is no longer reported counts as resolved after this long: Alertmanager's `resolve_timeout`. */
export const GONE_AFTER_MS = 5 * 60_000;

/** What was sent of a resolved alert stays known as long as the alert stays in sight. */
const RESOLVED_KEPT_MS = 15 * 60_000;

export interface LedgerEntry {
  /** As it was last seen. */
  alert: NotifiableAlert;
  /** What was last put on its way. */
  noticed: 'firing' | 'resolved';
  /** When it was last put on its way as firing. */
  firingAtMs: number;
  /** When it was last put on its way. */
  noticedAtMs: number;
  /** When it was last reported; null: not since the restart. */
  seenAtMs: number | null;
  /** What arrived last, and when. */
  delivered: { readonly state: 'firing' | 'resolved'; readonly atMs: number } | null;
  /** Why the last notice did not arrive; null when it did or is still on its way. */
  error: string | null;
}

export class Ledger {
  readonly #repeatMs: number;
  readonly #entries = new Map<string, LedgerEntry>();

  constructor(repeatMs: number, entries: readonly LedgerEntry[] = []) {
    this.#repeatMs = repeatMs;
    for (const entry of entries) this.#entries.set(entry.alert.fingerprint, { ...entry, seenAtMs: null });
  }

  /** All alerts that it knows, the longest known first. */
  entries(): readonly Readonly<LedgerEntry>[] {
    return [...this.#entries.values()].map((entry) => ({ ...entry }));
  }

  /**
   * Takes in all alerts that fire and those that have just resolved.
   * @returns those that the channel must be told of now; from here on they count as put on their way.
   */
  note(alerts: readonly NotifiableAlert[], nowMs: number): readonly NotifiableAlert[] {
    const due: NotifiableAlert[] = [];
    for (const alert of alerts) {
      const entry = this.#entries.get(alert.fingerprint);
      if (entry) {
        entry.seenAtMs = nowMs;
        if (alert.state === 'firing' || entry.noticed === 'firing') entry.alert = alert;
      }
      if (this.#isDue(alert, entry, nowMs)) due.push(this.#put(alert, entry, nowMs));
    }
    for (const [fingerprint, entry] of this.#entries) {
      // The first report after a restart starts the clock.
      entry.seenAtMs ??= nowMs;
      if (entry.noticed === 'firing' && nowMs - entry.seenAtMs >= GONE_AFTER_MS) {
        due.push(this.#put({ ...entry.alert, state: 'resolved', endsAtMs: entry.seenAtMs }, entry, nowMs));
      }
      const keptMs = Math.max(RESOLVED_KEPT_MS, (entry.alert.cooldownSeconds ?? 0) * 1000);
      if (entry.noticed === 'resolved' && nowMs - entry.noticedAtMs >= keptMs) this.#entries.delete(fingerprint);
    }
    return due;
  }

  arrived(alert: NotifiableAlert, atMs: number): void {
    const entry = this.#entries.get(alert.fingerprint);
    if (!entry) return;
    entry.delivered = { state: alert.state, atMs };
    entry.error = null;
  }

  lost(alert: NotifiableAlert, error: string): void {
    const entry = this.#entries.get(alert.fingerprint);
    if (entry) entry.error = error;
  }

  #isDue(alert: NotifiableAlert, entry: LedgerEntry | undefined, nowMs: number): boolean {
    // Nobody needs to hear the end of what they never heard of.
    if (alert.state === 'resolved') return entry?.noticed === 'firing';
    if (!entry) return true;
    const cooldownMs = alert.cooldownSeconds === undefined ? null : alert.cooldownSeconds * 1000;
    const pauseMs = entry.noticed === 'firing' ? (cooldownMs ?? this.#repeatMs) : (cooldownMs ?? 0);
    return nowMs - entry.firingAtMs >= pauseMs;
  }

  #put(alert: NotifiableAlert, entry: LedgerEntry | undefined, nowMs: number): NotifiableAlert {
    this.#entries.set(alert.fingerprint, {
      alert,
      noticed: alert.state,
      firingAtMs: alert.state === 'firing' ? nowMs : (entry?.firingAtMs ?? nowMs),
      noticedAtMs: nowMs,
      seenAtMs: entry?.seenAtMs ?? nowMs,
      delivered: entry?.delivered ?? null,
      error: entry?.error ?? null,
    });
    return alert;
  }
}
