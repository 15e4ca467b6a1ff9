import type { Incident } from '../incident.ts';

export const stopped: Incident = {
  name: 'stopped',
  title: 'somebody has stopped a worker (SIGSTOP) and forgotten it',
  settings: [{ version: '26' }, { version: '20.1', errorLog: false }],
  workers: 2,
  expect: () => ({
    kind: 'stuck-worker',
    says: /1 worker of 2 stuck: \d+ · stopped by a signal: kill -CONT \d+/,
    also: ['latency'],
  }),
  exits: () => ({}),
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(4);
    const [worker = 0] = scene.gunicorn.workers();
    scene.symptom();
    process.kill(worker, 'SIGSTOP');
  },
};
