import type { Incident } from '../incident.ts';

export const deploySlower: Incident = {
  name: 'deploy-slower',
  title: 'a deploy makes one path slow',
  settings: [{ version: '26' }, { version: '20.1', workerClass: 'gthread' }],
  workers: 3,
  threads: 2,
  expect: () => ({ kind: 'deploy-slower', says: /GET \/items\/\{id\}/ }),
  exits: () => ({ reload: 3 }),
  stage: async (scene) => {
    scene.load(12, (n) => (n % 2 === 0 ? `/items/${n}` : `/users/${n}`));
    await scene.pause(12);
    scene.release({ itemsSeconds: 0.25 });
    scene.gunicorn.signal('SIGHUP');
    await scene.pause(0.5);
    scene.symptom();
  },
};
