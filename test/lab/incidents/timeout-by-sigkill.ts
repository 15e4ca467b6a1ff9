import type { Incident } from '../incident.ts';

const TIMEOUT = 3;

export const timeoutBySigkill: Incident = {
  name: 'timeout-by-sigkill',
  title: 'a worker that no longer reacts: the timeout ends in the SIGKILL of the master',
  settings: [
    { version: '26', workerClass: 'gthread' },
    { version: '20.1', logLevel: 'warning' },
    { version: '26', errorLog: false },
  ],
  workers: 2,
  threads: 2,
  timeout: TIMEOUT,
  expect: () => ({
    kind: 'worker-timeout',
    says: /timeout after 3 s/,
    also: ['stuck-worker', 'saturated', 'error-rate'],
  }),
  exits: () => ({ timeout: 1 }),
  stage: async (scene) => {
    scene.load(4, (n) => `/users/${n}`);
    await scene.pause(3);
    const [worker] = scene.gunicorn.workers();
    process.kill(worker ?? 0, 'SIGSTOP');
    await scene.pause(TIMEOUT);
    scene.symptom();
  },
};
