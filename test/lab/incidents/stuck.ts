import type { Incident } from '../incident.ts';

const TIMEOUT = 3;

export const stuck: Incident = {
  name: 'stuck',
  title: 'requests hang for ever on threads, which no timeout ends',
  settings: [
    { version: '26', workerClass: 'gthread' },
    { version: '20.1', workerClass: 'gthread', errorLog: false },
  ],
  workers: 2,
  threads: 4,
  timeout: TIMEOUT,
  expect: () => ({
    kind: 'stuck-worker',
    says: /^[12] workers? of 2 stuck.*busy for .* s.*3 requests in threads, which no timeout ends/,
  }),
  exits: () => ({}),
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(3);
    for (let request = 0; request < 3; request++) await scene.hold('/hang');
    await scene.pause(TIMEOUT);
    scene.symptom();
  },
};
