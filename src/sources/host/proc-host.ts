/** Looks at the machine through `/proc`. */

import { existsSync } from 'node:fs';
import type { HostSample } from '../../model/facts.ts';
import { readSmall, readTable } from '../gunicorn/proc.ts';
import { Disks } from './disks.ts';
import { parseCpuTimes, parseInterfaces, parseMemoryInfo } from './proc-files.ts';
import { Growth } from './rates.ts';
import type { HostSampler } from './sampler.ts';

export class ProcHostSampler implements HostSampler {
  readonly #disks: Disks;
  readonly #cpu = new Growth();
  readonly #network = new Growth();

  /** @param paths files or folders whose disks are of interest; they need not exist. */
  constructor(paths: readonly string[]) {
    this.#disks = new Disks(paths);
  }

  async sample(nowMs: number): Promise<HostSample> {
    const times = parseCpuTimes(readSmall('/proc/stat') ?? '');
    const cpu = times === null ? null : this.#cpu.since([times.busy, times.total], nowMs);
    const [busy = 0, total = 0] = cpu?.by ?? [];
    const memory = parseMemoryInfo(readSmall('/proc/meminfo') ?? '');
    const bytes = countTraffic(readTable('/proc/net/dev') ?? '');
    const traffic = this.#network.since(bytes, nowMs);
    const [received = 0, sent = 0] = traffic?.by ?? [];
    const { totalBytes, availableBytes, swapUsedBytes } = memory;
    return {
      atMs: nowMs,
      cpuPercent: total > 0 ? (busy / total) * 100 : null,
      cpuCount: times === null || times.count === 0 ? null : times.count,
      loadAverage: parseLoad(readSmall('/proc/loadavg') ?? ''),
      memoryUsedBytes: totalBytes === null || availableBytes === null ? null : totalBytes - availableBytes,
      memoryAvailableBytes: availableBytes,
      memoryTotalBytes: totalBytes,
      swapUsedBytes,
      disks: await this.#disks.read(nowMs),
      networkReceivedBytesPerSecond: traffic === null ? null : received / traffic.seconds,
      networkSentBytesPerSecond: traffic === null ? null : sent / traffic.seconds,
      networkReceivedBytes: bytes[0],
      networkSentBytes: bytes[1],
    };
  }
}

function parseLoad(loadavg: string): readonly number[] | null {
  const load = loadavg.split(' ').slice(0, 3).map(Number);
  return load.length === 3 && load.every(Number.isFinite) ? load : null;
}

/**
 * Bytes received and sent on the interfaces that stand for hardware, so that a packet through a bridge to a container
 * is not counted twice. Inside a container there are none: there all but the loopback count.
 */
function countTraffic(netDev: string): readonly number[] {
  const interfaces = parseInterfaces(netDev);
  const outside = [...interfaces.keys()].filter((name) => name !== 'lo');
  const physical = outside.filter((name) => existsSync(`/sys/class/net/${name}/device`));
  let [received, sent] = [0, 0];
  for (const name of physical.length > 0 ? physical : outside) {
    received += interfaces.get(name)?.received ?? 0;
    sent += interfaces.get(name)?.sent ?? 0;
  }
  return [received, sent];
}
