import { sayMasterEnd } from '../master-ends.ts';
import type { ServiceView } from '../service-view.ts';
import { type Diagnosis, join } from './diagnosis.ts';

export const masterDown: Diagnosis = {
  kind: 'master-down',
  summary: 'The master that gtop was told to watch does not run: nothing restarts workers, and soon nobody answers.',
  check: (view) => (view.watches.processes && view.masters?.length === 0 ? 'critical' : null),
  sentence: (view) => sayMasterDown(view),
};

/** Which master, and how it ended as far as is known; the alert says the same. */
export function sayMasterDown(view: Pick<ServiceView, 'notes' | 'masterSeen' | 'masterOom' | 'masterEnd'>): string {
  const [first = null, ...rest] = view.notes;
  // `master 4711 is gone`, where the sampler knows which one.
  const pid = first === null ? null : /^master (\d+) is gone$/.exec(first)?.[1];
  if (!view.masterSeen || pid == null)
    return join(view.masterSeen ? 'the master is gone' : 'no master found', first, ...rest);
  const end = [view.masterEnd, view.masterOom].find((one) => one?.pid === Number(pid));
  if (!end) return join(first, ...rest);
  // That a pid file is missing is then no riddle.
  const others = end.pidFile === 'removed' ? rest.filter((note) => !note.includes('no such file')) : rest;
  return join(sayMasterEnd(end), ...others);
}
