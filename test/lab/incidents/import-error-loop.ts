import type { Incident } from '../incident.ts';

export const importErrorLoop: Incident = {
  name: 'import-error-loop',
  title: 'an import error at boot, and a service manager that starts Gunicorn again and again',
  settings: [{ version: '26' }, { version: '20.1' }],
  workers: 2,
  expect: () => ({
    kind: 'boot-failure',
    says: /ModuleNotFoundError: No module named 'no_such_module'/,
    also: ['master-down', 'restart-loop', 'alert'],
  }),
  stage: async (scene) => {
    scene.load(5, (n) => `/users/${n}`);
    await scene.pause(3);
    scene.release({ atImport: 'import no_such_module' });
    await scene.gunicorn.stop();
    scene.symptom();
    for (let attempt = 0; attempt < 4; attempt++) {
      await scene.restart();
      await scene.pause(2);
    }
  },
};
