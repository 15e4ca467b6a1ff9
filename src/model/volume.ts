/** How much and how fast: the part of the history that is kept for everything together. */
import type { AccessRecord } from './facts.ts';
import { SparseHistogram } from './histogram.ts';
import type { SlotKind } from './time-slots.ts';

export interface Volume {
  requests: number;
  bytes: number;
  readonly codes: Map<number, number>;
  /** Requests whose duration Gunicorn made up. */
  excluded: number;
  /** Requests killed by a worker timeout. */
  timeouts: number;
  readonly durations: SparseHistogram;
}

export const createVolume = (): Volume => ({
  requests: 0,
  bytes: 0,
  codes: new Map(),
  excluded: 0,
  timeouts: 0,
  durations: new SparseHistogram(),
});

export function addCodes(into: Map<number, number>, from: ReadonlyMap<number, number>): void {
  for (const [code, count] of from) into.set(code, (into.get(code) ?? 0) + count);
}

/** All of a line but its duration. */
export function addToVolume(volume: Volume, record: AccessRecord): void {
  volume.requests += 1;
  if (record.bytes >= 0) volume.bytes += record.bytes;
  if (record.status > 0) volume.codes.set(record.status, (volume.codes.get(record.status) ?? 0) + 1);
  if (record.excluded) volume.excluded += 1;
}

export const VOLUME_SLOTS: SlotKind<Volume> = {
  create: createVolume,
  merge(into, from) {
    into.requests += from.requests;
    into.bytes += from.bytes;
    into.excluded += from.excluded;
    into.timeouts += from.timeouts;
    addCodes(into.codes, from.codes);
    into.durations.merge(from.durations);
  },
};

/** Requests of a class of status codes, for example 500 ≤ status < 600. */
export function countCodes(codes: ReadonlyMap<number, number>, from: number, to: number): number {
  let count = 0;
  for (const [code, requests] of codes) if (code >= from && code < to) count += requests;
  return count;
}
