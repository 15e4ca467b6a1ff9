import type { Incident } from '../incident.ts';

export const trafficStops: Incident = {
  name: 'traffic-stops',
  title: 'steady traffic stops, as when the proxy in front has gone',
  settings: [{ version: '26' }, { version: '20.1', workerClass: 'gthread', errorLog: false }],
  workers: 2,
  threads: 2,
  expect: () => ({ kind: 'traffic-stopped', says: /no requests for [\d.]+ s, [\d.]+ requests\/s before/ }),
  exits: () => ({}),
  stage: async (scene) => {
    const load = scene.load(8, (n) => `/users/${n}`);
    await scene.pause(24);
    load.stop();
    scene.symptom();
  },
};
