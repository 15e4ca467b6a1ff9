import { abnormalEnds } from './ends.ts';

export const workerLost = abnormalEnds(
  'unknown',
  'worker-lost',
  "ended without their master's doing",
  'A worker is gone and another one has taken its place, though nobody reloaded, and workers are not recycled. The error log would tell a crash from a kill: let gtop read it (gunicorn --error-logfile FILE, gtop --error-log FILE).',
  'warning',
);
