import type { Incident } from '../incident.ts';

export const reloadBroken: Incident = {
  name: 'reload-broken',
  title: 'a reload onto code that cannot be imported',
  settings: [{ version: '26' }, { version: '20.1' }, { version: '26', logLevel: 'warning' }],
  workers: 2,
  expect: () => ({
    kind: 'boot-failure',
    says: /SyntaxError.*the master has stopped/,
    also: ['master-down', 'restart-loop', 'saturated', 'traffic-stopped'],
  }),
  // Without the line of the reload, workers that leave at the master's end may have left with it.
  exits: ({ logLevel }) => (logLevel === 'warning' ? null : { boot: 'some', reload: 2 }),
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.release({ atImport: 'def broken(:' });
    scene.symptom();
    scene.gunicorn.signal('SIGHUP');
  },
};
