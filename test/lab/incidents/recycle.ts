import type { Incident } from '../incident.ts';

export const recycle: Incident = {
  name: 'quiet-recycle',
  title: 'workers that are recycled by max_requests',
  settings: [
    { version: '26' },
    { version: '20.1', workerClass: 'gthread' },
    { version: '20.1', logLevel: 'warning' },
    { version: '26', errorLog: false },
  ],
  workers: 3,
  threads: 2,
  extraArgs: ['--max-requests', '60', '--max-requests-jitter', '30'],
  expect: null,
  exits: () => ({ recycled: 'some' }),
  stage: async (scene) => {
    scene.load(25, (n) => `/users/${n}`);
    await scene.pause(14);
    // On a slow machine clients get fewer requests through.
    await scene.until('one was recycled', ({ workerExits }) => workerExits.byReason.recycled > 0, 60);
  },
};
