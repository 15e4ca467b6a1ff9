import type { HostSample } from '../../model/facts.ts';

/** One way of looking at the machine, repeated at will. */
export interface HostSampler {
  /** One look; what needs two looks (CPU, network) is null on the first. Never rejects: what cannot be read is null. */
  sample(nowMs: number): Promise<HostSample>;
}
