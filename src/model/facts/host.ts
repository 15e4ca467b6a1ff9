/** What the machine looks like. */

export interface DiskFact {
  readonly mount: string;
  readonly device: string | null;
  readonly totalBytes: number | null;
  readonly usedBytes: number | null;
  readonly usedRatio: number | null;
}

/** One look at the host. */
export interface HostSample {
  readonly atMs: number;
  readonly cpuPercent: number | null;
  readonly cpuCount: number | null;
  readonly loadAverage: readonly number[] | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryAvailableBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly swapUsedBytes: number | null;
  readonly disks: readonly DiskFact[];
  readonly networkReceivedBytesPerSecond: number | null;
  readonly networkSentBytesPerSecond: number | null;
  /** The kernel's own counts behind these rates; absent or null unknown. */
  readonly networkReceivedBytes?: number | null;
  readonly networkSentBytes?: number | null;
}

/** Facts of the host that do not change while gtop runs. */
export interface HostFacts {
  readonly cpuModel: string | null;
  readonly operatingSystem: string | null;
  readonly hostname: string | null;
}
