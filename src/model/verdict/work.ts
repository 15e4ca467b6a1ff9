import { sayNumber, sayPercent } from '../figures.ts';
import type { ServiceView } from '../service-view.ts';
import { workerKind } from '../worker-kind.ts';

/** From here on busy workers compute more than they wait. */
const COMPUTING_RATIO = 0.5;
/** The same on a machine whose CPUs are all taken: each gets only its share. */
const CROWDED_COMPUTING_RATIO = 0.15;
/** Up to here they wait. */
const WAITING_RATIO = 0.2;
const CROWDED_PERCENT = 90;
/** The kernel deals a quota out in tenths of a second: a little of it is always left. */
const QUOTA_RATIO = 0.85;
/** From here on it is a lock that most threads wait for. */
const LOCK_RATIO = 0.5;
/** From here on it is the clients that hold the workers up. */
const CLIENT_RATIO = 0.5;

/** What busy workers do, and what therefore helps; null where it is a bit of both, or not known. */
export function sayWork({
  busyWork,
  hostCpuPercent,
  masters,
}: Pick<ServiceView, 'busyWork' | 'hostCpuPercent' | 'masters'>): string | null {
  if (busyWork === null) return null;
  const isLoop = (masters ?? []).some((one) => workerKind(one.workerClass, one.threadsPerWorker) === 'async');
  const { cpuRatio, runningRatio, clientRatio = null, lockRatio = null, quota = null } = busyWork;
  if (quota !== null && quota.usedRatio >= QUOTA_RATIO) {
    return `busy workers compute: the CPU quota of their control group (${sayNumber(quota.cpus)} CPUs) is used up`;
  }
  if ((clientRatio ?? 0) >= CLIENT_RATIO) {
    return 'busy workers wait for their clients, to send or to take their answer: put a proxy that buffers (nginx) before Gunicorn';
  }
  const isCrowded = (hostCpuPercent ?? 0) >= CROWDED_PERCENT;
  if (Math.max(cpuRatio, runningRatio) >= COMPUTING_RATIO || (isCrowded && cpuRatio >= CROWDED_COMPUTING_RATIO)) {
    const cpus = hostCpuPercent === null ? '' : `, and the CPUs are ${sayPercent(hostCpuPercent / 100)} used`;
    return `busy workers compute: more ${isLoop ? 'connections' : 'threads'} do not help${cpus}`;
  }
  // An event loop that is seen busy without computing is blocked: neither helps.
  if (isLoop) return null;
  if (Math.max(cpuRatio, runningRatio) > WAITING_RATIO) return null;
  if ((lockRatio ?? 0) >= LOCK_RATIO) {
    return 'busy threads wait for a lock inside their worker: a connection pool that is used up?';
  }
  return `busy workers wait ${sayPercent(1 - cpuRatio)} of the time: more workers or threads help, unless all wait for one thing`;
}
