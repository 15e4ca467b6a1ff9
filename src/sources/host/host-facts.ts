/** What does not change about a machine while gtop runs. */

import { hostname } from 'node:os';
import type { HostFacts } from '../../model/facts.ts';

/**
 * CPU model, operating system and name, by `systeminformation`. It takes some 100 ms and a child process or two: for
 * after the first frame. Never rejects.
 */
export async function readHostFacts(): Promise<HostFacts> {
  try {
    const { cpu, osInfo } = await import('systeminformation');
    const [processor, system] = await Promise.all([cpu(), osInfo()]);
    return {
      cpuModel: join(processor.manufacturer, processor.brand),
      operatingSystem: join(system.distro, system.release),
      hostname: hostname() || null,
    };
  } catch {
    return { cpuModel: null, operatingSystem: null, hostname: hostname() || null };
  }
}

function join(...words: readonly string[]): string | null {
  return words.filter((word) => word !== '').join(' ') || null;
}
