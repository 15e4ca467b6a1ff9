/** What Gunicorn takes of the machine, and what is left to it. */
import type { HostSample, ProcessSample } from './facts.ts';

/** Σ PSS of masters and workers; null while one of them cannot be read: a sum with holes would look small. */
export function memoryBytes(processes: ProcessSample | null): number | null {
  if (!processes || processes.masters.length === 0) return null;
  let sum = 0;
  for (const { pssBytes } of [...processes.masters, ...processes.workers]) {
    if (pssBytes === null) return null;
    sum += pssBytes;
  }
  return sum;
}

/** Memory that more workers could have: what is left to the host, and under the limit of the cgroup. */
export function freeBytes(processes: ProcessSample | null, host: HostSample | null): number | null {
  const limit = processes?.limits?.memoryBytes ?? null;
  const used = memoryBytes(processes);
  return least([host?.memoryAvailableBytes, limit === null || used === null ? null : Math.max(0, limit - used)]);
}

/** CPUs that Gunicorn may use: the host's, or what a quota leaves of them. */
export function cpusFor(processes: ProcessSample | null, host: HostSample | null): number | null {
  return least([host?.cpuCount, processes?.limits?.cpus]);
}

function least(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value != null);
  return known.length === 0 ? null : Math.min(...known);
}
