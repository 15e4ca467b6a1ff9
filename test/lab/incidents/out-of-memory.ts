import type { Incident } from '../incident.ts';
import { enterMemoryGroup } from '../memory-group.ts';

const LIMIT_MB = 160;

export const outOfMemory: Incident = {
  name: 'out-of-memory',
  title: "a worker takes more memory than its control group may have: the kernel's OOM killer",
  settings: [{ version: '26' }, { version: '20.1' }, { version: '26', workerClass: 'gthread', errorLog: false }],
  workers: 2,
  threads: 2,
  under: () => enterMemoryGroup(LIMIT_MB),
  expect: () => ({ kind: 'worker-oom', says: /killed by the kernel: out of memory/, also: ['memory-leak', 'alert'] }),
  exits: () => ({ oom: 1 }),
  stage: async (scene) => {
    scene.load(8, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.symptom();
    await scene.hold(`/hoard/${2 * LIMIT_MB}`);
  },
};
