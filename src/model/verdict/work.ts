import { sayPercent } from '../figures.ts';
import type { ServiceView } from '../service-view.ts';

/** From here on busy workers compute more than they wait. */
const COMPUTING_RATIO = 0.5;
/** The same on a machine whose CPUs are all taken: each gets only its share. */
const CROWDED_COMPUTING_RATIO = 0.15;
/** Up to here they wait. */
const WAITING_RATIO = 0.2;
const CROWDED_PERCENT = 90;

/** What busy workers do, and what therefore helps; null where it is a bit of both, or not known. */
export function sayWork({ busyWork, hostCpuPercent }: Pick<ServiceView, 'busyWork' | 'hostCpuPercent'>): string | null {
  if (busyWork === null) return null;
  const { cpuRatio, runningRatio } = busyWork;
  const isCrowded = (hostCpuPercent ?? 0) >= CROWDED_PERCENT;
  if (Math.max(cpuRatio, runningRatio) >= COMPUTING_RATIO || (isCrowded && cpuRatio >= CROWDED_COMPUTING_RATIO)) {
    const cpus = hostCpuPercent === null ? '' : `, and the CPUs are ${sayPercent(hostCpuPercent / 100)} used`;
    return `busy workers compute: more threads do not help${cpus}`;
  }
  if (Math.max(cpuRatio, runningRatio) > WAITING_RATIO) return null;
  return `busy workers wait ${sayPercent(1 - cpuRatio)} of the time: more workers or threads help`;
}
