import type { Incident } from '../incident.ts';

export const killed: Incident = {
  name: 'killed',
  title: 'somebody kills a worker with SIGKILL',
  settings: [
    { version: '26' },
    { version: '20.1' },
    { version: '26', workerClass: 'gthread', logLevel: 'warning' },
    { version: '20.1', errorLog: false },
  ],
  workers: 3,
  threads: 2,
  expect: ({ errorLog }) =>
    errorLog === false
      ? {
          kind: 'worker-lost',
          says: /without its master's doing.*: crashed, or killed from outside, not for want of memory/,
        }
      : {
          kind: 'worker-killed',
          says: /killed by SIGKILL: from outside, for the kernel counts no out-of-memory kill/,
        },
  exits: ({ errorLog }) => (errorLog === false ? { unknown: 1 } : { killed: 1 }),
  stage: async (scene) => {
    scene.load(10, (n) => `/users/${n}`);
    await scene.pause(3);
    const [worker] = scene.gunicorn.workers();
    scene.symptom();
    process.kill(worker ?? 0, 'SIGKILL');
  },
};
