/** A made-up process table behind the interface that the rules look through. */
import type { ProcessView } from '../../../../src/sources/gunicorn/process-view.ts';

export interface FakeProcess {
  readonly parent?: number;
  readonly start?: number;
  readonly command?: readonly string[];
  /** Null without permission. */
  readonly heartbeats?: readonly string[] | null;
  /** Whether it takes the signals of a master; left out: not known. */
  readonly takesMasterSignals?: boolean;
  readonly environment?: Readonly<Record<string, string>> | null;
  readonly cwd?: string | null;
  /** Not to be seen, as with hidepid. */
  readonly hidden?: boolean;
  /** Its pid in its own namespace, where that is another one. */
  readonly ownPid?: number;
}

export const ARGV = ['/usr/bin/python3', '/usr/bin/gunicorn', '-w', '2', 'app:app'];

/** A master with the pid given and two workers, as it looks without setproctitle. */
export function family(master: number, extra: FakeProcess = {}): Record<number, FakeProcess> {
  const names = [`wgunicorn-${master}a`, `wgunicorn-${master}b`];
  return {
    [master]: { command: ARGV, heartbeats: names, start: master, ...extra },
    [master + 1]: { parent: master, command: extra.command ?? ARGV, heartbeats: [names[0] ?? ''], start: master + 1 },
    [master + 2]: { parent: master, command: extra.command ?? ARGV, heartbeats: [names[1] ?? ''], start: master + 2 },
  };
}

/** Reads the record anew at every call: tests change it between two looks. */
export function viewOf(processes: Record<number, FakeProcess>): ProcessView {
  return {
    glance(pid) {
      const found = processes[pid];
      if (found === undefined || found.hidden) return null;
      return {
        parentPid: found.parent ?? 1,
        startKey: found.start ?? pid,
        comm: found.command?.[0]?.split('/').at(-1) ?? 'x',
      };
    },
    isHidden: (pid) => processes[pid]?.hidden === true,
    command: (pid) => processes[pid]?.command ?? [],
    children: (pid) =>
      Object.keys(processes)
        .map(Number)
        .filter((child) => processes[child]?.parent === pid),
    pids: () => Object.keys(processes).map(Number),
    heartbeats(pid) {
      const names = processes[pid]?.heartbeats;
      return names === null ? null : new Set(names);
    },
    takesMasterSignals: (pid) => processes[pid]?.takesMasterSignals ?? null,
    environment(pid) {
      const variables = processes[pid]?.environment;
      return variables === null ? null : new Map(Object.entries(variables ?? {}));
    },
    workingDirectory: (pid) => processes[pid]?.cwd ?? null,
    ownPid: (pid) => processes[pid]?.ownPid ?? pid,
    reach: (_, path) => path,
  };
}
