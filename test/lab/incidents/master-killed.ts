import type { Incident } from '../incident.ts';

export const masterKilled: Incident = {
  name: 'master-killed',
  title: 'the master is killed and leaves a stale pid file',
  settings: [{ version: '26' }, { version: '20.1', workerClass: 'gthread' }],
  workers: 2,
  threads: 2,
  timeout: 4,
  expect: () => ({
    kind: 'master-down',
    says: /master \d+ was killed, or crashed.*stale/,
    also: ['traffic-stopped', 'alert'],
  }),
  exits: () => ({ shutdown: 2 }),
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.symptom();
    scene.gunicorn.signal('SIGKILL');
  },
};
