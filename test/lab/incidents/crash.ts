import type { Incident } from '../incident.ts';

export const crash: Incident = {
  name: 'crash',
  title: 'a request crashes its worker: SIGSEGV',
  settings: [
    { version: '26' },
    { version: '20.1' },
    { version: '26', workerClass: 'gthread', logLevel: 'warning' },
    { version: '26', errorLog: false },
  ],
  workers: 3,
  threads: 2,
  expect: ({ errorLog }) =>
    errorLog === false
      ? {
          kind: 'worker-lost',
          says: /without its master's doing.*: crashed, or killed from outside, not for want of memory/,
        }
      : { kind: 'worker-crash', says: /crashed: SIGSEGV/ },
  exits: ({ errorLog }) => (errorLog === false ? { unknown: 1 } : { crash: 1 }),
  stage: async (scene) => {
    scene.load(10, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.symptom();
    await scene.hold('/crash');
  },
};
