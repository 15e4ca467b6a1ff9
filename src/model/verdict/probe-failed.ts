import type { ProbeFact } from '../facts.ts';
import { sayCount, saySeconds } from '../figures.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';

/** A probe that says down but has not yet failed as often as it takes to be sure. */
const isDown = (probe: ProbeFact): boolean => probe.isFailing || probe.up === false;

const down = (view: VerdictView): readonly ProbeFact[] => view.probes.filter(isDown);

/** The worst: of the sure ones, else of all, the first of the configuration. */
const worst = (view: VerdictView): ProbeFact | undefined =>
  down(view).find(({ isFailing }) => isFailing) ?? down(view)[0];

export const probeFailed: Diagnosis = {
  kind: 'probe-failed',
  summary:
    'A health check of the configuration fails. Where it was connected and got no answer while all workers are busy, the service is saturated, not down: what helps is more workers, or faster requests.',
  check: (view) => {
    if (down(view).length === 0) return null;
    return down(view).some(({ isFailing }) => isFailing) ? 'critical' : 'warning';
  },
  sentence: (view) => {
    const probe = worst(view);
    const others = down(view).length - 1;
    return join(
      `${probe?.name} is down: ${probe?.last?.error ?? 'no reason given'}`,
      probe && probe.failures > 1 ? `${probe.failures} times in a row` : null,
      probe ? sayReason(view, probe) : null,
      others > 0 ? `${sayCount(others, 'more probe')} down` : null,
    );
  },
};

/** What the processes say to it: the difference between saturated and down. */
function sayReason(view: VerdictView, probe: ProbeFact): string | null {
  if (probe.kind !== 'http' || !isOfThisService(view, probe)) return null;
  if (view.watches.processes && view.masters?.length === 0) return 'the master is gone';
  if (probe.last?.isUnanswered !== true || !isFull(view)) return null;
  const spells = view.workers.flatMap(({ busySeconds }) => (busySeconds === null ? [] : [busySeconds]));
  const since = spells.length > 0 ? Math.min(...spells) : 0;
  const long = since >= 1 ? ` for ${saySeconds(since)}` : '';
  return `saturated rather than down: all ${sayCount(view.workers.length, 'worker')} busy${long}`;
}

/** It goes to an address that the masters listen on, or a proxy has answered it that got nothing from behind. */
function isOfThisService({ masters }: VerdictView, { target, last }: ProbeFact): boolean {
  if (last?.isUnanswered === true && last.statusCode !== null) return true;
  const port = /^https?:\/\/[^/]*?:(\d+)\//.exec(target)?.[1] ?? '80';
  const listeners = (masters ?? []).flatMap((master) => master.listeners);
  // A master that is gone has no listeners to compare with.
  if (listeners.length === 0) return true;
  return listeners.some((name) => (name.startsWith('unix:') ? target.includes(name) : name.endsWith(`:${port}`)));
}

/** Every thread that could serve a request serves one, or requests wait although that cannot be counted. */
function isFull({ saturation, workers, waitingInWorkers }: VerdictView): boolean {
  if ((saturation.backlog ?? 0) + (waitingInWorkers ?? 0) > 0) return true;
  const busy = workers.reduce((sum, { busyThreads }) => sum + (busyThreads ?? 0), 0);
  return saturation.capacity !== null && busy > 0 && busy >= saturation.capacity;
}
