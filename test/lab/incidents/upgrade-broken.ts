import type { Incident } from '../incident.ts';

export const upgradeBroken: Incident = {
  name: 'upgrade-broken',
  title: 'an upgrade (USR2) to code that cannot be imported: the old master serves on',
  settings: [
    { version: '26' },
    { version: '20.1', workerClass: 'gthread' },
    { version: '26', logLevel: 'warning' },
    { version: '20.1', logLevel: 'warning' },
  ],
  workers: 2,
  threads: 2,
  expect: () => ({
    kind: 'upgrade-failed',
    says: /^upgrade failed: of (?:the new master \d+|a new master) worker \d+ failed to boot: SyntaxError.* · master \d+ serves on/,
  }),
  exits: () => ({ boot: 'some' }),
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.release({ atImport: 'def broken(:' });
    scene.symptom();
    scene.gunicorn.signal('SIGUSR2');
  },
};
