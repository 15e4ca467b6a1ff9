import { renameSync, writeFileSync } from 'node:fs';
import type { Incident } from '../incident.ts';

const moved = (name: string, title: string, isCreated: boolean): Incident => ({
  name,
  title,
  settings: [{ version: isCreated ? '20.1' : '26' }],
  workers: 2,
  expect: () => ({ kind: 'log-moved', says: /access\.log\b.*USR1/ }),
  exits: () => ({}),
  stage: async (scene) => {
    scene.load(10, (n) => `/users/${n}`);
    await scene.pause(3);
    const { accessLog } = scene.gunicorn;
    renameSync(accessLog, `${accessLog}.1`);
    if (isCreated) writeFileSync(accessLog, '');
    scene.symptom();
  },
});

export const logMoved = moved('log-moved', 'the access log is moved away, and Gunicorn is not told', false);
export const logReplaced = moved('log-replaced', 'the access log is rotated, and Gunicorn is not told', true);
