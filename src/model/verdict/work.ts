import { sayPercent } from '../figures.ts';
import type { ServiceView } from '../service-view.ts';
import { workerKind } from '../worker-kind.ts';

/** From here on busy workers compute more than they wait. */
const COMPUTING_RATIO = 0.5;
/** The same on a machine whose CPUs are all taken: each gets only its share. */
const CROWDED_COMPUTING_RATIO = 0.15;
/** Up to here they wait. */
const WAITING_RATIO = 0.2;
const CROWDED_PERCENT = 90;

/** What busy workers do, and what therefore helps; null where it is a bit of both, or not known. */
export function sayWork({
  busyWork,
  hostCpuPercent,
  masters,
}: Pick<ServiceView, 'busyWork' | 'hostCpuPercent' | 'masters'>): string | null {
  if (busyWork === null) return null;
  const isLoop = (masters ?? []).some((one) => workerKind(one.workerClass, one.threadsPerWorker) === 'async');
  const { cpuRatio, runningRatio } = busyWork;
  const isCrowded = (hostCpuPercent ?? 0) >= CROWDED_PERCENT;
  if (Math.max(cpuRatio, runningRatio) >= COMPUTING_RATIO || (isCrowded && cpuRatio >= CROWDED_COMPUTING_RATIO)) {
    const cpus = hostCpuPercent === null ? '' : `, and the CPUs are ${sayPercent(hostCpuPercent / 100)} used`;
    return `busy workers compute: more ${isLoop ? 'connections' : 'threads'} do not help${cpus}`;
  }
  // An event loop that is seen busy without computing is blocked: neither helps.
  if (isLoop) return null;
  if (Math.max(cpuRatio, runningRatio) > WAITING_RATIO) return null;
  return `busy workers wait ${sayPercent(1 - cpuRatio)} of the time: more workers or threads help`;
}
