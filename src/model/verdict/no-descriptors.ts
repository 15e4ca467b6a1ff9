import type { Diagnosis, VerdictView } from './diagnosis.ts';

/** From here on a burst of connections, or a few files, reach the limit. */
const FULL_RATIO = 0.9;
/** A request takes a connection, and most open something besides. */
const FEW = 2;

type Row = VerdictView['workers'][number];

const free = ({ fds, fdLimit }: Row): number =>
  fds === null || fdLimit == null ? Number.POSITIVE_INFINITY : fdLimit - fds;

const isNearLimit = ({ fds, fdLimit }: Row): boolean => fds !== null && fdLimit != null && fds >= fdLimit * FULL_RATIO;

export const noDescriptors: Diagnosis = {
  kind: 'no-descriptors',
  summary:
    'A worker has as many files and connections open as it may: it accepts no more clients, and requests end without an answer or a line in the access log (OSError 24, Too many open files). Look for what is opened and never closed, or raise the limit (ulimit -n, LimitNOFILE of systemd).',
  check: ({ workers }) => {
    const near = workers.filter(isNearLimit);
    if (near.length === 0) return null;
    return near.some((row) => free(row) <= FEW) ? 'critical' : 'warning';
  },
  sentence: ({ workers }) => {
    const near = workers.filter(isNearLimit).toSorted((a, b) => free(a) - free(b));
    const [worst] = near;
    const others =
      near.length > 1 ? ` · ${near.length - 1} more near ${near.length === 2 ? 'its' : 'their'} limit` : '';
    return `worker ${worst?.pid} has ${worst?.fds} of ${worst?.fdLimit} file descriptors open${others}: files left open, or ulimit -n too low`;
  },
};
