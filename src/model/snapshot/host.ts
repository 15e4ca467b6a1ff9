/** The machine, and gtop's own cost. */

/** The host. Null throughout where no sampler could read it. */
export interface SystemInfo {
  /** Percent of all CPUs, 0–100; null until two samples exist. */
  readonly cpuPercent: number | null;
  /** 1, 5 and 15 minutes. */
  readonly loadAverage: readonly number[] | null;
  /** Total − available. */
  readonly memoryUsedBytes: number | null;
  /** What can be had without swapping (`MemAvailable`). */
  readonly memoryAvailableBytes: number | null;
  /** Physical memory. */
  readonly memoryTotalBytes: number | null;
  /** Swap in use. */
  readonly swapUsedBytes: number | null;
  /** Of the disk that is fullest among those that hold a log or the application. */
  readonly diskUsedRatio: number | null;
  /** Disks that hold a log or the application. */
  readonly disks: readonly DiskInfo[];
  /** All interfaces but loopback. */
  readonly networkReceivedBytesPerSecond: number | null;
  /** All interfaces but loopback. */
  readonly networkSentBytesPerSecond: number | null;
  /** Logical CPUs. */
  readonly cpuCount: number | null;
  /** For example `AMD EPYC 7763 64-Core Processor`; read once, after the first frame. */
  readonly cpuModel: string | null;
  /** For example `Debian GNU/Linux 12 (bookworm)`. */
  readonly operatingSystem: string | null;
  /** Name of the host. */
  readonly hostname: string | null;
}

/** One disk. */
export interface DiskInfo {
  /** Mount point. */
  readonly mount: string;
  /** Device or file system. */
  readonly device: string | null;
  /** Size. */
  readonly totalBytes: number | null;
  /** In use. */
  readonly usedBytes: number | null;
  /** used ÷ (used + available to users), as df(1). */
  readonly usedRatio: number | null;
}

/** gtop's own cost. */
export interface GtopSelf {
  /** Version of gtop. */
  readonly version: string;
  /** Its process. */
  readonly pid: number;
  /** Percent of one core, since the sample before. */
  readonly cpuPercent: number | null;
  /** Resident memory of the process, all threads. */
  readonly rssBytes: number | null;
}
