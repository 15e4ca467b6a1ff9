import type { Incident } from '../incident.ts';

export const scale: Incident = {
  name: 'quiet-scaling',
  title: 'one worker more, and one fewer again',
  settings: [{ version: '26' }, { version: '20.1', logLevel: 'warning' }, { version: '26', errorLog: false }],
  workers: 2,
  expect: null,
  exits: () => ({ scaledown: 1 }),
  stage: async (scene) => {
    scene.load(10, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.gunicorn.signal('SIGTTIN');
    await scene.until('there are three', ({ workers }) => workers.length === 3);
    await scene.pause(2);
    scene.gunicorn.signal('SIGTTOU');
    await scene.until('there are two', ({ workers }) => workers.length === 2);
    await scene.pause(6);
  },
};
