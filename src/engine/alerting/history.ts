/** When alerts fired and for how long: bounded, the newest first. */
import * as v from 'valibot';
import type { AlertTransition } from '../../alerts/index.ts';
import { savedMap } from '../../alerts/saved-map.ts';
import type { AlertFiring } from '../../model/snapshot.ts';

const MOST_FIRINGS = 100;

const firing = v.object({
  name: v.string(),
  severity: v.picklist(['critical', 'warning', 'info']),
  labels: savedMap(v.string()),
  fingerprint: v.string(),
  from: v.string(),
  to: v.nullable(v.string()),
  summary: v.string(),
});

/** Without its length, which goes on. */
type Kept = v.InferOutput<typeof firing>;

export class FiringHistory {
  #firings: Kept[] = [];

  note({ atMs, from, to, alert }: AlertTransition): void {
    const at = new Date(atMs).toISOString();
    const open = this.#firings.find(
      ({ fingerprint, to: ended }) => fingerprint === alert.fingerprint && ended === null,
    );
    if (to === 'resolved' && open !== undefined) open.to = at;
    if (to !== 'firing' || (from === 'nodata' && open !== undefined)) return;
    const { name, severity, labels, fingerprint, summary } = alert;
    this.#firings.unshift({ name, severity, labels: { ...labels }, fingerprint, from: at, to: null, summary });
    if (this.#firings.length > MOST_FIRINGS) this.#firings.pop();
  }

  rows(nowMs: number): readonly AlertFiring[] {
    return this.#firings.map((each) => {
      const endMs = each.to === null ? nowMs : Date.parse(each.to);
      return { ...each, seconds: Math.max(0, endMs - Date.parse(each.from)) / 1000 };
    });
  }

  saved(): unknown {
    return this.#firings;
  }

  /** @param firing fingerprints of alerts that fire: what is open and does not ended unseen, nobody knows when. */
  restore(saved: unknown, firingNow: ReadonlySet<string>): void {
    const parsed = v.safeParse(v.array(firing), saved);
    if (!parsed.success) return;
    this.#firings = parsed.output
      .filter(({ to, fingerprint }) => to !== null || firingNow.has(fingerprint))
      .slice(0, MOST_FIRINGS);
  }
}
