import { abnormalEnds } from './ends.ts';

export const workerCrash = abnormalEnds(
  'crash',
  'worker-crash',
  'crashed',
  'A worker died of itself: a signal out of its own code (SIGSEGV: look at C extensions), or an exception that nobody caught. The requests in it were lost.',
);
