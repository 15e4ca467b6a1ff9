/** Looks at the machine through `systeminformation`, where there is no `/proc`. Loaded only when used. */

import { cpus, loadavg } from 'node:os';
import { currentLoad, fsSize, mem, networkStats } from 'systeminformation';
import type { DiskFact, HostSample } from '../../model/facts.ts';
import { nearestExisting } from './disks.ts';
import { mountOf } from './proc-files.ts';
import { Growth } from './rates.ts';
import type { HostSampler } from './sampler.ts';

export class PortableHostSampler implements HostSampler {
  readonly #paths: readonly string[];
  readonly #network = new Growth();
  #isFirst = true;

  /** @param paths files or folders whose disks are of interest; they need not exist. */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  async sample(nowMs: number): Promise<HostSample> {
    const [load, memory, disks, interfaces] = await Promise.all([
      currentLoad().catch(() => null),
      mem().catch(() => null),
      fsSize().catch(() => []),
      networkStats('*').catch(() => []),
    ]);
    const outside = interfaces.filter(({ iface }) => !/^lo\d*$/.test(iface));
    const sum = (key: 'rx_bytes' | 'tx_bytes'): number => outside.reduce((total, stats) => total + stats[key], 0);
    const bytes = [sum('rx_bytes'), sum('tx_bytes')];
    const traffic = outside.length === 0 ? null : this.#network.since(bytes, nowMs);
    const [received = 0, sent = 0] = traffic?.by ?? [];
    // The first figure reaches back to the boot.
    const cpuPercent = this.#isFirst ? null : (load?.currentLoad ?? null);
    this.#isFirst = false;
    return {
      atMs: nowMs,
      cpuPercent,
      cpuCount: cpus().length || null,
      loadAverage: loadavg(),
      memoryUsedBytes: memory === null ? null : memory.total - memory.available,
      memoryAvailableBytes: memory?.available ?? null,
      memoryTotalBytes: memory?.total ?? null,
      swapUsedBytes: memory?.swapused ?? null,
      disks: this.#disks(disks),
      networkReceivedBytesPerSecond: traffic === null ? null : received / traffic.seconds,
      networkSentBytesPerSecond: traffic === null ? null : sent / traffic.seconds,
      networkReceivedBytes: outside.length === 0 ? null : bytes[0],
      networkSentBytes: outside.length === 0 ? null : bytes[1],
    };
  }

  #disks(all: Awaited<ReturnType<typeof fsSize>>): readonly DiskFact[] {
    const mounts = all.map((disk) => ({ point: disk.mount, device: disk.fs, disk }));
    const facts = new Map<string, DiskFact>();
    for (const path of this.#paths) {
      const mount = mountOf(nearestExisting(path), mounts);
      const disk = all.find((candidate) => candidate.mount === mount?.point);
      if (disk === undefined) continue;
      const usable = disk.used + disk.available;
      facts.set(disk.mount, {
        mount: disk.mount,
        device: disk.fs,
        totalBytes: disk.size,
        usedBytes: disk.used,
        usedRatio: usable > 0 ? disk.used / usable : null,
      });
    }
    return [...facts.values()];
  }
}
