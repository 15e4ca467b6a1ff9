import type { Incident } from '../incident.ts';

export const quietLull: Incident = {
  name: 'quiet-lull',
  title: 'a site with little traffic, on which nobody asks for ten seconds',
  settings: [{ version: '26' }],
  workers: 2,
  expect: null,
  exits: () => ({}),
  stage: async (scene) => {
    const load = scene.load(0.7, (n) => `/users/${n}`);
    await scene.pause(26);
    load.stop();
    await scene.pause(10);
  },
};
