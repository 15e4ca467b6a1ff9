/** That a rule cannot see what it watches. */
import type { Labels } from '../promql/types.ts';

export interface Loss {
  /** In a sentence. */
  readonly why: string;
  /** Whether an alert with these labels may come from what is lost. */
  concerns(labels: Labels): boolean;
}

/** Of all that a rule watches. */
export const wholly = (why: string): Loss => ({ why, concerns: () => true });
