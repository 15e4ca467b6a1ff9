import type { Incident } from '../incident.ts';

export const deployFailing: Incident = {
  name: 'deploy-failing',
  title: 'a deploy makes one path fail',
  settings: [{ version: '26' }, { version: '20.1' }],
  workers: 3,
  expect: () => ({ kind: 'deploy-failing', says: /GET \/items\/\{id\}/, also: ['error-rate', 'alert'] }),
  exits: () => ({ reload: 3 }),
  stage: async (scene) => {
    scene.load(12, (n) => (n % 2 === 0 ? `/items/${n}` : `/users/${n}`));
    await scene.pause(12);
    scene.release({ itemsFail: true });
    scene.gunicorn.signal('SIGHUP');
    await scene.pause(0.5);
    scene.symptom();
  },
};
