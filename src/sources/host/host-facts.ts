/** What does not change about a machine while gtop runs. */
import { hostname } from 'node:os';
import type { HostFacts } from '../../model/facts.ts';
import { readSmall } from '../gunicorn/proc.ts';
import { parseCpuModel, parsePrettyName } from './proc-files.ts';

/** os-release(5): the second one is asked where the first is missing. */
const OS_RELEASES = ['/etc/os-release', '/usr/lib/os-release'];

/**
 * CPU model, operating system and name. Linux has files for them; what they do not tell is asked of `systeminformation`,
 * which starts child processes and takes 3 MB: for after the first frame. Never rejects.
 */
export async function readHostFacts(): Promise<HostFacts> {
  const told = {
    cpuModel: parseCpuModel(readSmall('/proc/cpuinfo') ?? ''),
    operatingSystem: OS_RELEASES.map((path) => parsePrettyName(readSmall(path) ?? '')).find(Boolean) ?? null,
    hostname: hostname() || null,
  };
  if (told.cpuModel !== null && told.operatingSystem !== null) return told;
  const asked = await askPackage();
  return {
    ...told,
    cpuModel: told.cpuModel ?? asked.cpuModel,
    operatingSystem: told.operatingSystem ?? asked.operatingSystem,
  };
}

async function askPackage(): Promise<Omit<HostFacts, 'hostname'>> {
  try {
    const { cpu, osInfo } = await import('systeminformation');
    const [processor, system] = await Promise.all([cpu(), osInfo()]);
    return {
      cpuModel: `${processor.manufacturer} ${processor.brand}`.trim() || null,
      operatingSystem: `${system.distro} ${system.release}`.trim() || null,
    };
  } catch {
    return { cpuModel: null, operatingSystem: null };
  }
}
