/** What the notifier remembers across restarts, as it stands in a file: checked, for files are damaged and edited. */
import * as v from 'valibot';
import { savedMap } from '../saved-map.ts';
import type { NotifiableAlert } from './alert.ts';
import type { LedgerEntry } from './ledger.ts';

const texts = savedMap(v.string());
const number = v.nullable(v.number());
const firingOrResolved = v.picklist(['firing', 'resolved']);

const notifiableAlert = v.object({
  name: v.string(),
  severity: v.string(),
  state: firingOrResolved,
  labels: texts,
  annotations: texts,
  value: number,
  threshold: number,
  startsAtMs: v.number(),
  endsAtMs: number,
  fingerprint: v.string(),
  channels: v.exactOptional(v.array(v.string())),
  cooldownSeconds: v.exactOptional(v.number()),
  classical: v.exactOptional(v.object({ message: v.string(), metrics: savedMap(number) })),
});

const ledgerEntry = v.object({
  alert: notifiableAlert,
  noticed: firingOrResolved,
  firingAtMs: v.number(),
  noticedAtMs: v.number(),
  seenAtMs: number,
  delivered: v.nullable(v.object({ state: firingOrResolved, atMs: v.number() })),
  error: v.nullable(v.string()),
});

/** Plain data, without secrets. */
export interface NotifierState {
  readonly version: 1;
  /** By name of the channel. */
  readonly channels: Readonly<
    Record<string, { readonly entries: readonly LedgerEntry[]; readonly unsent: readonly NotifiableAlert[] }>
  >;
}

export const notifierState: v.GenericSchema<unknown, NotifierState> = v.object({
  version: v.literal(1),
  channels: savedMap(v.object({ entries: v.array(ledgerEntry), unsent: v.array(notifiableAlert) })),
});
