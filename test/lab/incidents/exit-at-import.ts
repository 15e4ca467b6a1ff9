import type { Incident } from '../incident.ts';

export const exitAtImport: Incident = {
  name: 'exit-at-import',
  title: 'every new worker exits while it imports the application, and is replaced for ever',
  settings: [{ version: '26' }, { version: '20.1' }, { version: '20.1', errorLog: false }],
  workers: 2,
  // Without a log most of these workers are never seen.
  expect: ({ errorLog }) => ({
    kind: 'restart-loop',
    says: errorLog === false ? /right after their start|no worker is up/ : /\d+ workers? .* right after their start/,
    also: ['worker-crash', 'boot-failure', 'saturated'],
  }),
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.release({ atImport: 'import sys; sys.exit(0)' });
    scene.symptom();
    scene.gunicorn.signal('SIGHUP');
  },
};
