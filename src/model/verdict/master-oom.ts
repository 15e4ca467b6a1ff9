import { saySeconds } from '../figures.ts';
import type { Diagnosis } from './diagnosis.ts';
import { join } from './diagnosis.ts';

/** As long as ends of workers count. */
const TOLD_MS = 60_000;

/** While none runs, `master-down` says the same. */
export const masterOom: Diagnosis = {
  kind: 'master-oom',
  summary:
    'The kernel killed the master, not a worker, because its control group, or the machine, had no memory left. Something has started it again; every request under way was lost.',
  check: ({ masterOom: end, masters, atMs }) =>
    end !== null && masters !== null && masters.length > 0 && atMs - end.atMs < TOLD_MS ? 'critical' : null,
  sentence: ({ masterOom: end, masters, atMs }) =>
    join(
      `master ${end?.pid ?? '–'} killed by the kernel: out of memory`,
      `${saySeconds(Math.max(1, Math.round((atMs - (end?.atMs ?? atMs)) / 1000)))} ago`,
      masters?.[0] === undefined ? null : `master ${masters[0].pid} serves now`,
    ),
};
