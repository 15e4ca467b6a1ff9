/** What the machine's own figures are: CPU, memory, disks, network. */

import { existsSync } from 'node:fs';
import { ProcHostSampler } from './proc-host.ts';
import type { HostSampler } from './sampler.ts';

export { readHostFacts } from './host-facts.ts';
export type { HostSampler } from './sampler.ts';

export interface HostSamplerOptions {
  /** `portable` asks `systeminformation`; also what happens where there is no `/proc`. */
  readonly mode: 'proc' | 'portable';
  /** Files or folders whose disks are of interest; they need not exist. */
  readonly paths: readonly string[];
}

export async function createHostSampler({ mode, paths }: HostSamplerOptions): Promise<HostSampler> {
  if (mode === 'proc' && existsSync('/proc/meminfo')) return new ProcHostSampler(paths);
  const { PortableHostSampler } = await import('./portable-host.ts');
  return new PortableHostSampler(paths);
}
