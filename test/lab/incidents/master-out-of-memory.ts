import { writeFileSync } from 'node:fs';
import type { Incident } from '../incident.ts';
import { enterMemoryGroup } from '../memory-group.ts';

const LIMIT_MB = 160;

export const masterOutOfMemory: Incident = {
  name: 'master-out-of-memory',
  title: "a worker takes all memory of the control group, and it is the master that the kernel's OOM killer takes",
  settings: [{ version: '26' }, { version: '20.1', workerClass: 'gthread', errorLog: false }],
  workers: 2,
  threads: 2,
  under: () => enterMemoryGroup(LIMIT_MB),
  expect: () => ({
    kind: 'master-down',
    says: /master \d+ killed by the kernel: out of memory.*stale/,
    also: ['worker-oom', 'traffic-stopped', 'memory-leak', 'alert'],
  }),
  // The worker goes on taking memory, and is the next; the other one leaves with its master.
  exits: () => ({ oom: 1, shutdown: 1 }),
  stage: async (scene) => {
    scene.load(8, (n) => `/users/${n}`);
    await scene.pause(3);
    writeFileSync(`/proc/${scene.gunicorn.pid}/oom_score_adj`, '1000');
    scene.symptom();
    await scene.hold(`/feed/${2 * LIMIT_MB}`);
  },
};
