import type { Incident } from '../incident.ts';

export const quiet: Incident = {
  name: 'quiet',
  title: 'a healthy server under steady load',
  settings: [
    { version: '26' },
    { version: '26', workerClass: 'gthread' },
    { version: '20.1' },
    { version: '20.1', workerClass: 'gthread', errorLog: false },
  ],
  workers: 3,
  threads: 2,
  expect: null,
  exits: () => ({}),
  stage: async (scene) => {
    scene.load(25, (n) => (n % 3 === 0 ? '/work/30' : n % 3 === 1 ? `/items/${n}` : `/users/${n}`));
    await scene.pause(15);
  },
};
