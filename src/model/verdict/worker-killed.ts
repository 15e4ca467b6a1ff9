import { abnormalEnds } from './ends.ts';

export const workerKilled = abnormalEnds(
  'killed',
  'worker-killed',
  'were killed',
  'Somebody or something outside of Gunicorn sent SIGKILL to a worker: a person, a script, a container runtime. It was neither the worker timeout nor, as far as the kernel counts, want of memory.',
);
