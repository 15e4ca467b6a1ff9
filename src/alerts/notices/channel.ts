import type { Batch } from './alert.ts';

/** How sending one message went. */
export type Outcome =
  | {
      readonly ok: true;
      /** What the receiver accepted only in part. */
      readonly remark?: string;
    }
  | {
      readonly ok: false;
      /** One clause without any secret, the receiver's own words included only where they cannot hold one. */
      readonly error: string;
      /** Whether the same message may succeed later. */
      readonly retry: boolean;
      /** The receiver's wish (`Retry-After`). */
      readonly retryAfterMs?: number;
    };

export const SENT: Outcome = { ok: true };

/** The receiver will never take this message. */
export const refused = (error: string): Outcome => ({ ok: false, error, retry: false });

/** The receiver may take it later. */
export const failed = (error: string, retryAfterMs?: number): Outcome => ({
  ok: false,
  error,
  retry: true,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

/** A way out of gtop for notices. One small file each, one row in `channels/index.ts`. */
export interface Channel {
  readonly name: string;
  /** What a person calls it: `webhook`, `slack` … */
  readonly type: string;
  /** Most alerts in one message; what is more goes into the next. */
  readonly maxAlerts: number;
  /** Sends one message. Ends when the signal does; never throws. */
  send(batch: Batch, signal: AbortSignal): Promise<Outcome>;
}
