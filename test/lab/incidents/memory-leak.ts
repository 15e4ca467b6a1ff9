import type { Incident } from '../incident.ts';

/** Well above what any application takes while it warms up. */
const NOTICEABLE_BYTES = 60e6;

export const memoryLeak: Incident = {
  name: 'memory-leak',
  title: 'a path leaks memory',
  settings: [{ version: '26' }, { version: '20.1', workerClass: 'gthread' }],
  workers: 2,
  threads: 2,
  expect: () => ({ kind: 'memory-leak', says: /memory leak: .* grows? by \d+ MB a minute/ }),
  exits: () => ({}),
  stage: async (scene) => {
    const bytes = (): number => scene.watch.newest.workers.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0);
    scene.load(10, (n) => `/users/${n}`);
    await scene.pause(4);
    const before = bytes();
    scene.load(8, '/leak/1024');
    await scene.until('it shows', () => bytes() - before > NOTICEABLE_BYTES, 60);
    scene.symptom();
  },
};
