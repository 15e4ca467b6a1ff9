import type { Incident } from '../incident.ts';

const TIMEOUT = 3;

export const timeout: Incident = {
  name: 'timeout',
  title: 'a request is killed by the worker timeout',
  settings: [
    { version: '26' },
    { version: '20.1' },
    { version: '26', logLevel: 'warning' },
    { version: '20.1', errorLog: false },
  ],
  workers: 2,
  timeout: TIMEOUT,
  // 20.1 does not log which request it killed.
  expect: ({ version, errorLog }) => ({
    kind: 'worker-timeout',
    says: version === '26' && errorLog !== false ? /timeout after 3 s in GET \/hang/ : /timeout after 3 s/,
    also: ['stuck-worker'],
  }),
  exits: () => ({ timeout: 1 }),
  stage: async (scene) => {
    scene.load(4, (n) => `/users/${n}`);
    await scene.pause(3);
    await scene.hold('/hang');
    await scene.pause(TIMEOUT);
    scene.symptom();
  },
};
