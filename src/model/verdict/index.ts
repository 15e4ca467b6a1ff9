/** What is wrong, in one sentence, with its reasons. */
import { sayCount, sayNumber, sayPercent, saySeconds } from '../figures.ts';
import { errorRatio, isBlind, type ServiceView } from '../service-view.ts';
import type { AlertRow, Cause, Level, Verdict } from '../snapshot.ts';
import { blockedLoop } from './blocked-loop.ts';
import { bootFailure } from './boot-failure.ts';
import { deployFailing } from './deploy-failing.ts';
import { deploySlower } from './deploy-slower.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';
import { diskFull } from './disk-full.ts';
import { highErrorRate } from './error-rate.ts';
import { firingAlerts } from './firing-alerts.ts';
import { highLatency } from './latency.ts';
import { limitedView } from './limited-view.ts';
import { logMissing } from './log-missing.ts';
import { logMoved } from './log-moved.ts';
import { masterDown } from './master-down.ts';
import { masterOom } from './master-oom.ts';
import { memoryLeak } from './memory-leak.ts';
import { noAccessLog } from './no-access-log.ts';
import { noDescriptors } from './no-descriptors.ts';
import { noDurations } from './no-durations.ts';
import { noTraffic } from './no-traffic.ts';
import { probeDegraded } from './probe-degraded.ts';
import { probeFailed } from './probe-failed.ts';
import { recycling } from './recycling.ts';
import { restartLoop } from './restart-loop.ts';
import { saturated } from './saturated.ts';
import { staleLog } from './stale-log.ts';
import { stoppedMaster } from './stopped-master.ts';
import { stuckWorker } from './stuck-worker.ts';
import { trafficStopped } from './traffic-stopped.ts';
import { unevenQueue } from './uneven-queue.ts';
import { unreadableFormat } from './unreadable-format.ts';
import { upgradeFailed } from './upgrade-failed.ts';
import { workerCrash } from './worker-crash.ts';
import { workerKilled } from './worker-killed.ts';
import { workerLost } from './worker-lost.ts';
import { workerOom } from './worker-oom.ts';
import { workerTimeout } from './worker-timeout.ts';

export type { Diagnosis, VerdictView } from './diagnosis.ts';

/** In order: of two equally bad ones the first makes the headline. */
export const DIAGNOSES: readonly Diagnosis[] = [
  bootFailure,
  masterDown,
  masterOom,
  restartLoop,
  workerOom,
  noDescriptors,
  diskFull,
  unevenQueue,
  saturated,
  probeFailed,
  deployFailing,
  highErrorRate,
  workerTimeout,
  workerCrash,
  workerKilled,
  workerLost,
  memoryLeak,
  blockedLoop,
  stuckWorker,
  stoppedMaster,
  recycling,
  upgradeFailed,
  deploySlower,
  highLatency,
  probeDegraded,
  firingAlerts,
  trafficStopped,
  logMissing,
  logMoved,
  staleLog,
  unreadableFormat,
  noTraffic,
  noAccessLog,
  noDurations,
  limitedView,
];

const RANK: Readonly<Record<Level, number>> = { critical: 3, warning: 2, unknown: 1, ok: 0 };

/** Runs every diagnosis. Causes of level `ok` are worth knowing, but nothing is wrong; they never make the headline. */
export function diagnose(service: ServiceView, alerts: readonly AlertRow[]): Verdict {
  const view: VerdictView = { ...service, alerts };
  const causes = DIAGNOSES.flatMap((diagnosis): Cause[] => {
    const level = diagnosis.check(view);
    return level === null ? [] : [{ kind: diagnosis.kind, level, text: diagnosis.sentence(view) }];
  }).sort((a, b) => RANK[b.level] - RANK[a.level]);
  const [worst] = causes;
  if (worst && worst.level !== 'ok') return { level: worst.level, text: worst.text, causes };
  if (knowsNothing(view)) return { level: 'unknown', text: 'nothing is known yet', causes };
  return { level: 'ok', text: summary(view), causes };
}

/** Neither requests nor processes can be seen. */
const knowsNothing = (view: VerdictView): boolean =>
  (!view.watches.accessLog || isBlind(view)) && (!view.watches.processes || view.masters === null);

/** Below this, some clients ask for what is not there, as always. */
const MANY_CLIENT_ERRORS = 0.2;

/** Errors of the clients (4xx) are nothing wrong with the service: they are worth a word when they are many. */
function sayErrors(ratio: number, clientRatio: number): string {
  const own = ratio === 0 ? 'no errors' : `${sayPercent(ratio)} errors`;
  if (clientRatio < MANY_CLIENT_ERRORS) return own;
  return `${ratio === 0 ? 'no server errors' : own} · ${sayPercent(clientRatio)} of requests answered 4xx`;
}

/** `12.3 requests/s · p95 84 ms · no errors`; where no requests can be seen, the workers. */
function summary(view: VerdictView): string {
  const { oneMinute, workers, saturation } = view;
  if (!view.watches.accessLog) {
    const busy = saturation.busyWorkers === null ? null : `${saturation.busyWorkers} busy`;
    const rate = view.statsdRate === null ? null : `${sayNumber(view.statsdRate)} requests/s by StatsD`;
    return join(sayCount(workers.length, 'worker'), busy, rate);
  }
  if (noTraffic.check(view) !== null) return noTraffic.sentence(view);
  const errors = errorRatio(oneMinute) ?? 0;
  return join(
    oneMinute.requestsPerSecond === null ? null : `${sayNumber(oneMinute.requestsPerSecond)} requests/s`,
    oneMinute.p95Seconds === null ? null : `p95 ${saySeconds(oneMinute.p95Seconds)}`,
    sayErrors(errors, oneMinute.requests === 0 ? 0 : oneMinute.clientErrors / oneMinute.requests),
  );
}
