import { type Diagnosis, join } from './diagnosis.ts';

export const masterDown: Diagnosis = {
  kind: 'master-down',
  summary: 'The master that gtop was told to watch does not run: nothing restarts workers, and soon nobody answers.',
  check: (view) => (view.watches.processes && view.masters?.length === 0 ? 'critical' : null),
  sentence: (view) => {
    const [first = null, ...rest] = view.notes;
    // `master 4711 is gone`, where the sampler knows which one.
    const pid = first === null ? null : /^master (\d+) is gone$/.exec(first)?.[1];
    if (view.masterSeen && pid != null) {
      const isOom = view.masterOom?.pid === Number(pid);
      return join(isOom ? `master ${pid} killed by the kernel: out of memory` : first, ...rest);
    }
    return join(view.masterSeen ? 'the master is gone' : 'no master found', first, ...rest);
  },
};
