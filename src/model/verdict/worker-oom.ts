import { abnormalEnds } from './ends.ts';

export const workerOom = abnormalEnds(
  'oom',
  'worker-oom',
  'were killed by the kernel: out of memory',
  'The kernel killed a worker because its control group, or the machine, had no memory left. Fewer workers, a higher limit, or max_requests where memory leaks.',
);
