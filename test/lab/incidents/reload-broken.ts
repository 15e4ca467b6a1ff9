import type { Incident } from '../incident.ts';

export const reloadBroken: Incident = {
  name: 'reload-broken',
  title: 'a reload onto code that cannot be imported',
  settings: [
    { version: '26' },
    { version: '20.1' },
    { version: '26', logLevel: 'warning' },
    { version: '26', errorLog: false },
    { version: '20.1', errorLog: false },
  ],
  workers: 2,
  // Without the log it is told by what was seen to come and go, or, when that was between two looks, by the pid file.
  expect: ({ errorLog }) => ({
    kind: errorLog === false ? 'master-down' : 'boot-failure',
    says:
      errorLog === false
        ? /master \d+ has stopped .*(does the (new )?code fail at import|failed to boot)/
        : /SyntaxError.*the master has stopped/,
    also: ['master-down', 'restart-loop', 'saturated', 'traffic-stopped'],
  }),
  // Without the line of the reload, workers that leave at the master's end may have left with it.
  exits: ({ logLevel, errorLog }) =>
    logLevel === 'warning' || errorLog === false ? null : { boot: 'some', reload: 2 },
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.release({ atImport: 'def broken(:' });
    scene.symptom();
    scene.gunicorn.signal('SIGHUP');
  },
};
