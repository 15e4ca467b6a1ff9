import type { Incident } from '../incident.ts';

export const unevenQueue: Incident = {
  name: 'uneven-queue',
  title:
    'with --reuse-port a request that lasts holds up whom the kernel has given to its worker, while others are idle',
  settings: [{ version: '26' }, { version: '26', logLevel: 'warning', errorLog: false }],
  workers: 3,
  extraArgs: ['--reuse-port'],
  expect: () => ({
    kind: 'uneven-queue',
    says: /\d+ waiting to be accepted by worker \d+ alone, while 2 of 3 workers are idle · it is busy for/,
    also: ['latency'],
  }),
  exits: () => ({}),
  stage: async (scene) => {
    scene.load(6, (n) => `/users/${n}`);
    await scene.pause(4);
    scene.symptom();
    await scene.hold('/hang');
  },
};
