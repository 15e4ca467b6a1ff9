import type { Incident } from '../incident.ts';

export const slowPath: Incident = {
  name: 'slow-path',
  title: 'a slow path saturates all sync workers',
  settings: [{ version: '26' }, { version: '20.1', errorLog: false }],
  workers: 3,
  expect: () => ({
    kind: 'saturated',
    says: /^3\/3 workers busy.* waiting to be accepted.*GET \/work\/\{id\}/,
    also: ['latency'],
  }),
  exits: () => ({}),
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(4);
    scene.symptom();
    scene.load(4, '/work/1500');
  },
};
