/** The table of processes as ps(1) prints it, for systems without `/proc`. */

import { isRunning } from './proc.ts';
import type { ProcessView } from './process-view.ts';

/** One line of ps. */
export interface PsRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly state: string;
  readonly rssBytes: number;
  readonly vmsBytes: number;
  readonly elapsedSeconds: number;
  readonly cpuSeconds: number;
  readonly command: readonly string[];
}

/** POSIX names, so that Linux, macOS and the BSDs agree; `-ww` against cut command lines. */
export const PS_ARGUMENTS = ['-A', '-ww', '-o', 'pid=,ppid=,state=,rss=,vsz=,etime=,time=,args='];
export const PS_DEADLINE_MS = 5000;

/** Parses what ps prints for `PS_ARGUMENTS`. */
export function parsePs(output: string): ReadonlyMap<number, PsRow> {
  const rows = new Map<number, PsRow>();
  const line = /^ *(\d+) +(\d+) +(\S+) +(\d+) +(\d+) +([\d:.-]+) +([\d:.-]+) +(.*)$/gm;
  for (const [, pid, ppid, state = '', rss, vsz, elapsed = '', cpu = '', args = ''] of output.matchAll(line)) {
    rows.set(Number(pid), {
      pid: Number(pid),
      parentPid: Number(ppid),
      state: state.slice(0, 1),
      rssBytes: Number(rss) * 1024,
      vmsBytes: Number(vsz) * 1024,
      elapsedSeconds: parseDuration(elapsed),
      cpuSeconds: parseDuration(cpu),
      command: args.trim().split(/ +/),
    });
  }
  return rows;
}

/** Seconds of `[[DD-]HH:]MM:SS[.hh]`, as ps writes durations. */
export function parseDuration(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}

/**
 * Looks at processes through the newest output of ps, which knows neither descriptors nor environments.
 * @param startOf when a process started, in epoch seconds.
 */
export function psView(rows: () => ReadonlyMap<number, PsRow>, startOf: (row: PsRow) => number): ProcessView {
  return {
    glance(pid) {
      const row = rows().get(pid);
      if (row === undefined || !isRunning(row.state)) return null;
      return { parentPid: row.parentPid, startKey: startOf(row), comm: row.command[0]?.split('/').at(-1) ?? '' };
    },
    isHidden: () => false,
    command: (pid) => rows().get(pid)?.command ?? [],
    children: (parent) => [...rows().values()].filter(({ parentPid }) => parentPid === parent).map(({ pid }) => pid),
    pids: () => [...rows().keys()],
    heartbeats: () => null,
    takesMasterSignals: () => null,
    environment: () => null,
    workingDirectory: () => null,
    ownPid: (pid) => pid,
    reach: (_, path) => path,
  };
}
