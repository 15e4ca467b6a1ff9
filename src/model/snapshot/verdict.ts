/** What is wrong, in one sentence, with its reasons. */
import type { Level } from './scalars.ts';

/** What is wrong. */
export interface Verdict {
  /** The worst level among the causes. */
  readonly level: Level;
  /** One sentence for the header. */
  readonly text: string;
  /** All that was found, the worst first. */
  readonly causes: readonly Cause[];
}

/** One thing that was found. */
export interface Cause {
  /** Stable name of the diagnosis, for example `saturated`. */
  readonly kind: string;
  /** How bad it is. */
  readonly level: Level;
  /** One sentence with the figures of this case. */
  readonly text: string;
}
