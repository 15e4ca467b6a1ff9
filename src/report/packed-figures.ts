/** The figures of an accumulator as plain data: what another thread gathered crosses over to be merged. */
import type { SlowCell } from '../model/detail.ts';
import type { HourCell, PackedRouteCell, ValueCell, WorkerCell } from './cells.ts';
import type { Day } from './day.ts';
import type { PackedDurations } from './durations.ts';
import type { Families } from './families.ts';
import type { PackedSteps } from './time-steps.ts';
import type { PackedKeys } from './top-keys.ts';

/** Names of the plain numbers. */
export const SUMS = [
  'requestsTotal',
  'errorsTotal',
  'bytesTotal',
  'requests',
  'bytes',
  'excluded',
  'undated',
  'slowCount',
] as const;
/** Names of the tables of values. */
export const VALUES = ['addresses', 'userAgents', 'referrers', 'methods', 'protocols', 'notFound'] as const;

export interface PackedFigures {
  readonly sums: Readonly<Record<(typeof SUMS)[number], number>>;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly codes: Float64Array;
  readonly durations: PackedDurations;
  readonly steps: PackedSteps;
  readonly slow: readonly SlowCell[];
  readonly routes: PackedKeys<string, PackedRouteCell>;
  readonly values: Readonly<Record<(typeof VALUES)[number], PackedKeys<string, ValueCell>>>;
  readonly workers: PackedKeys<number, WorkerCell>;
  readonly hours: PackedKeys<number, HourCell>;
  readonly evictedHoursOfDay: Day;
  readonly evictedFamilies: Families;
}
