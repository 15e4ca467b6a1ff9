import type { ServiceView } from '../service-view.ts';
import type { AlertRow, Level } from '../snapshot.ts';

/** What diagnoses look at: the service, and the alerts about it. */
export interface VerdictView extends ServiceView {
  readonly alerts: readonly AlertRow[];
}

/** One thing that may be wrong. A new one is a file with one of these, and a row in `index.ts`. */
export interface Diagnosis {
  /** Stable name, for example `saturated`. */
  readonly kind: string;
  /** What it means and what helps, for the manual and the help overlay. */
  readonly summary: string;
  /** How bad it is; `ok`: worth knowing, nothing wrong; null: does not apply. */
  check(view: VerdictView): Level | null;
  /** One sentence with the figures of this case; called only when the check applies. */
  sentence(view: VerdictView): string;
}

/** Whether this built-in alert fires. */
export const isFiring = (view: VerdictView, name: string): boolean =>
  view.alerts.some((alert) => alert.name === name && alert.state === 'firing');

/** Parts of a sentence, the unknown ones left out. */
export const join = (...parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(' · ');
