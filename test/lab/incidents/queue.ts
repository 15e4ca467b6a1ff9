import type { Incident } from '../incident.ts';

export const queue: Incident = {
  name: 'queue',
  title: 'a queue builds while the latency in the log looks fine',
  settings: [{ version: '26' }, { version: '20.1', workerClass: 'gthread' }],
  workers: 1,
  threads: 2,
  expect: () => ({
    kind: 'saturated',
    says: /\d+ waiting (to be accepted|for a thread).* \(about .*\), which no log shows: there p95 is \d+/,
    also: ['latency'],
  }),
  exits: () => ({}),
  stage: async (scene) => {
    const slots = scene.setting.workerClass === 'gthread' ? 2 : 1;
    scene.load(2, (n) => `/users/${n}`);
    await scene.pause(4);
    scene.symptom();
    // Twice as much as can be served; each request by itself is quick.
    scene.load(40 * slots, '/work/50');
  },
};

/** A queue of more than a page of the kernel's table. */
export const queueAtUnixSocket: Incident = {
  ...queue,
  name: 'queue-unix',
  title: 'the same in front of a unix socket, as behind a proxy on the same machine',
  settings: [{ version: '26' }, { version: '20.1', errorLog: false }],
  listen: 'unix',
};
