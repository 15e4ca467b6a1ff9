import type { Incident } from '../incident.ts';

export const ioBound: Incident = {
  name: 'io-bound',
  title: 'saturated by requests that wait for something else',
  settings: [{ version: '26' }, { version: '20.1', workerClass: 'gthread' }],
  workers: 2,
  threads: 2,
  expect: () => ({
    kind: 'saturated',
    says: /busy workers wait \d+ % of the time: more workers or threads help/,
    also: ['latency'],
  }),
  exits: () => ({}),
  stage: async (scene) => {
    scene.load(3, (n) => `/users/${n}`);
    await scene.pause(4);
    scene.symptom();
    scene.load(12, '/work/800');
  },
};
