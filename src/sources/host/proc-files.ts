/** The machine-wide files of `/proc`, proc(5). */

export interface CpuTimes {
  /** Ticks of all CPUs together. */
  readonly busy: number;
  readonly total: number;
  readonly count: number;
}

/**
 * Parses `/proc/stat`. Of the ten columns the last two (guest time) are part of the first two already; waiting for a
 * disk (iowait) is idle, time stolen by the hypervisor is not.
 */
export function parseCpuTimes(stat: string): CpuTimes | null {
  const line = /^cpu +(.+)$/m.exec(stat)?.[1];
  if (line === undefined) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .split(' ')
    .map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, total: busy + idle + iowait, count: stat.match(/^cpu\d+ /gm)?.length ?? 0 };
}

export interface MemoryInfo {
  readonly totalBytes: number | null;
  /** What can be had without swapping, as the kernel estimates it (MemAvailable). */
  readonly availableBytes: number | null;
  readonly swapUsedBytes: number | null;
}

/** Parses `/proc/meminfo`, whose "kB" are KiB. */
export function parseMemoryInfo(meminfo: string): MemoryInfo {
  const bytes = (name: string): number | null => {
    const found = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo);
    return found === null ? null : Number(found[1]) * 1024;
  };
  const [swapTotal, swapFree] = [bytes('SwapTotal'), bytes('SwapFree')];
  return {
    totalBytes: bytes('MemTotal'),
    availableBytes: bytes('MemAvailable'),
    swapUsedBytes: swapTotal === null || swapFree === null ? null : swapTotal - swapFree,
  };
}

/** Bytes received and sent so far by each interface of `/proc/net/dev`. */
export function parseInterfaces(
  netDev: string,
): ReadonlyMap<string, { readonly received: number; readonly sent: number }> {
  const interfaces = new Map<string, { received: number; sent: number }>();
  for (const [, name = '', columns = ''] of netDev.matchAll(/^ *([^\s:|]+): *(\d.*)$/gm)) {
    const numbers = columns.trim().split(/ +/).map(Number);
    interfaces.set(name, { received: numbers[0] ?? 0, sent: numbers[8] ?? 0 });
  }
  return interfaces;
}

export interface Mount {
  readonly point: string;
  readonly device: string;
}

/** Parses `/proc/self/mountinfo`; blanks in paths are written as octal escapes there. */
export function parseMounts(mountinfo: string): readonly Mount[] {
  const plain = (text: string): string =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  const mounts: Mount[] = [];
  for (const [, point = '', device = ''] of mountinfo.matchAll(/^\d+ \d+ \S+ \S+ (\S+) .*? - \S+ (\S+)/gm)) {
    mounts.push({ point: plain(point), device: plain(device) });
  }
  return mounts;
}

/** The mount that an absolute path lies on: the longest that leads to it, of equal ones the last, which covers the others. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  let best: Mount | null = null;
  for (const mount of mounts) {
    const isAbove = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`);
    if (isAbove && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
}

/** The model of the first CPU of `/proc/cpuinfo`; null on architectures that do not tell one (ARM). */
export const parseCpuModel = (cpuInfo: string): string | null =>
  /^model name\s*: *(\S.*?) *$/m.exec(cpuInfo)?.[1]?.replace(/\s+/g, ' ') ?? null;

/** PRETTY_NAME of os-release(5), which is written as a shell would take it. */
export function parsePrettyName(osRelease: string): string | null {
  const quoted = /^PRETTY_NAME=(.*)$/m.exec(osRelease)?.[1]?.trim() ?? '';
  const text = /^(["'])(.*)\1$/.exec(quoted)?.[2] ?? quoted;
  return text.replace(/\\([$"'\\`])/g, '$1') || null;
}
