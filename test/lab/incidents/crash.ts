import type { Incident } from '../incident.ts';

export const crash: Incident = {
  name: 'crash',
  title: 'a request crashes its worker: SIGSEGV',
  settings: [{ version: '26' }, { version: '20.1' }, { version: '26', workerClass: 'gthread', logLevel: 'warning' }],
  workers: 3,
  threads: 2,
  expect: () => ({ kind: 'worker-crash', says: /crashed: SIGSEGV/ }),
  exits: () => ({ crash: 1 }),
  stage: async (scene) => {
    scene.load(10, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.symptom();
    await scene.hold('/crash');
  },
};
