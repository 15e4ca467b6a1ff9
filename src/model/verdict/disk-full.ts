import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';

/** Of what users may have (df(1)): the last block is seldom taken whole. */
const FULL_RATIO = 0.999;

const full = ({ disks }: VerdictView) =>
  (disks ?? []).filter(({ usedRatio }) => usedRatio !== null && usedRatio >= FULL_RATIO);

/** That a disk becomes full, the alert DiskAlmostFull tells; this is what it means when it is. */
export const diskFull: Diagnosis = {
  kind: 'disk-full',
  summary:
    'A disk that holds a log or the application is full. Gunicorn serves on and drops the lines that it cannot write: requests and errors from here on are not known, and whatever the application writes fails.',
  check: (view) => (full(view).length > 0 ? 'critical' : null),
  sentence: (view) => {
    const mounts = full(view).map(({ mount }) => mount);
    return join(
      `${mounts.join(', ')} is full`,
      'what Gunicorn cannot write to its logs is lost, and no request can be seen in them',
    );
  },
};
