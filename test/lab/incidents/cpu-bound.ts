import type { Incident } from '../incident.ts';

export const cpuBound: Incident = {
  name: 'cpu-bound',
  title: 'saturated by requests that compute',
  settings: [{ version: '26' }, { version: '20.1', workerClass: 'gthread' }],
  workers: 2,
  threads: 2,
  alone: true,
  expect: () => ({
    kind: 'saturated',
    says: /busy workers compute: more threads do not help/,
    also: ['latency', 'alert'],
  }),
  exits: () => ({}),
  stage: async (scene) => {
    scene.load(3, (n) => `/users/${n}`);
    await scene.pause(4);
    scene.symptom();
    scene.load(10, '/burn/400');
  },
};
