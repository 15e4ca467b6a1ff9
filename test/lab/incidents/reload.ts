import type { Incident } from '../incident.ts';

export const reload: Incident = {
  name: 'quiet-reload',
  title: 'a graceful reload under load',
  settings: [
    { version: '26' },
    { version: '20.1', workerClass: 'gthread' },
    { version: '26', logLevel: 'warning' },
    { version: '20.1', errorLog: false },
  ],
  workers: 3,
  threads: 2,
  expect: null,
  exits: () => ({ reload: 3 }),
  stage: async (scene) => {
    scene.load(20, (n) => (n % 4 === 0 ? '/work/100' : `/users/${n}`));
    await scene.pause(5);
    scene.gunicorn.signal('SIGHUP');
    await scene.pause(8);
  },
};
