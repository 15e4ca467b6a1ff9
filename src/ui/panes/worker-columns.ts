import type { MasterInfo, Snapshot, WorkerInfo } from '../../model/snapshot.ts';
import type { StyleName } from '../canvas/surface.ts';
import {
  formatAge,
  formatCpu,
  formatDuration,
  formatFew,
  formatMemory,
  formatRate,
  IPV6_WIDTH,
  UNKNOWN,
} from '../format.ts';
import type { Column } from '../widgets/table/index.ts';

export const STATE_STYLES: Readonly<Record<WorkerInfo['state'], StyleName>> = {
  busy: 'accent',
  idle: 'dim',
  booting: 'warning',
  exiting: 'warning',
  stuck: 'critical',
  unknown: 'unknown',
};

/** Shares of `--timeout` after which a silent worker is worth a look, and is about to be killed. */
const BEAT_WARNING = 0.5;
const BEAT_CRITICAL = 0.8;

const masterOf = (worker: WorkerInfo, { masters, master }: Snapshot): MasterInfo | null =>
  masters.find(({ pid }) => pid === worker.masterPid) ?? master;

/** How near an age is to the time at which the master kills the worker. */
export function againstTimeout(seconds: number | null, worker: WorkerInfo, snapshot: Snapshot): StyleName {
  if (seconds === null) return 'unknown';
  const timeout = masterOf(worker, snapshot)?.timeoutSeconds ?? null;
  // gunicorn/config.py: a timeout of 0 means never.
  if (timeout === null || timeout === 0) return 'text';
  if (seconds >= timeout * BEAT_CRITICAL) return 'critical';
  return seconds >= timeout * BEAT_WARNING ? 'warning' : 'text';
}

/** How long it has been busy; at the first look that finds it so nobody knows more than that it is less than a second. */
export const formatBusy = (seconds: number | null): string => (seconds === 0 ? '<1s' : formatDuration(seconds));

const number = (value: number | null, text: string, style: StyleName = 'text') => ({
  text,
  style: value === null ? ('unknown' as const) : value === 0 ? ('dim' as const) : style,
});

/** A leak that fills a worker within a day is worth a colour. */
const SLOPE_WARNING = 32 * 2 ** 20;

/** What it takes to read a process of another user. */
export const PRIVILEGE = 'needs root or the user of Gunicorn';

export const WORKER_COLUMNS: readonly Column<WorkerInfo>[] = [
  {
    id: 'pid',
    header: 'PID',
    width: 7,
    align: 'right',
    rank: 0,
    firstAscending: true,
    meaning: 'process id',
    cell: ({ pid }) => ({ text: String(pid), style: 'strong' }),
    sortBy: ({ pid }) => pid,
  },
  {
    id: 'master',
    header: 'MASTER',
    width: 7,
    align: 'right',
    rank: 12,
    meaning: 'its master; two masters run side by side during an upgrade (USR2)',
    cell: ({ masterPid }) => ({ text: String(masterPid), style: 'dim' }),
    sortBy: ({ masterPid }) => masterPid,
  },
  {
    id: 'state',
    header: 'STATE',
    width: 8,
    align: 'left',
    rank: 1,
    firstAscending: true,
    meaning: `busy: serves a request; stuck: no heartbeat for most of the timeout; ${PRIVILEGE}`,
    cell: ({ state }) => ({ text: state, style: STATE_STYLES[state] }),
    sortBy: ({ state }) => state,
  },
  {
    id: 'for',
    header: 'FOR',
    width: 6,
    align: 'right',
    rank: 2,
    meaning: 'busy without a break that gtop saw; coloured as the worker timeout comes near',
    cell: (row, { snapshot }) => ({
      text: formatBusy(row.busySeconds),
      style: againstTimeout(row.busySeconds, row, snapshot),
    }),
    sortBy: ({ busySeconds }) => busySeconds,
  },
  {
    id: 'doing',
    header: 'DOING',
    width: 9,
    align: 'left',
    rank: 9,
    firstAscending: true,
    meaning: 'while busy: computing (on a CPU half of the time or more) or waiting (for a database, a lock, a client)',
    cell: ({ activity }) => ({ text: activity ?? '', style: activity === 'computing' ? 'warning' : 'text' }),
    sortBy: ({ activity }) => activity,
  },
  {
    id: 'cpu',
    header: 'CPU%',
    width: 5,
    align: 'right',
    rank: 3,
    letter: 'P',
    meaning: 'percent of one core since the look before; any user may read it',
    cell: ({ cpuPercent }) => number(cpuPercent, formatCpu(cpuPercent)),
    sortBy: ({ cpuPercent }) => cpuPercent,
  },
  {
    id: 'pss',
    header: 'PSS',
    width: 5,
    align: 'right',
    rank: 4,
    letter: 'M',
    meaning: `memory with its share of shared pages, units of 1024; ${PRIVILEGE}`,
    cell: ({ pssBytes }) => number(pssBytes, formatMemory(pssBytes)),
    sortBy: ({ pssBytes, rssBytes }) => pssBytes ?? rssBytes,
  },
  {
    id: 'rss',
    header: 'RSS',
    width: 5,
    align: 'right',
    rank: 8,
    meaning: 'memory with all shared pages: never add these up; any user may read it',
    cell: ({ rssBytes }) => number(rssBytes, formatMemory(rssBytes)),
    sortBy: ({ rssBytes }) => rssBytes,
  },
  {
    id: 'uss',
    header: 'USS',
    width: 5,
    align: 'right',
    rank: 11,
    meaning: `memory of its own alone: grows when the application leaks; ${PRIVILEGE}`,
    cell: ({ ussBytes }) => number(ussBytes, formatMemory(ussBytes)),
    sortBy: ({ ussBytes }) => ussBytes,
  },
  {
    id: 'slope',
    header: 'MEM/H',
    width: 6,
    align: 'right',
    rank: 12,
    meaning: `how much more memory of its own in an hour, by the trend of the last minutes; ${PRIVILEGE} for USS, else RSS`,
    cell: ({ memorySlopeBytesPerHour: slope }) => ({
      text: slope === null ? UNKNOWN : `${slope > 0 ? '+' : ''}${formatMemory(slope)}`,
      style: slope === null ? 'unknown' : slope >= SLOPE_WARNING ? 'warning' : 'dim',
    }),
    sortBy: ({ memorySlopeBytesPerHour }) => memorySlopeBytesPerHour,
  },
  {
    id: 'threads',
    header: 'THR',
    width: 3,
    align: 'right',
    rank: 7,
    meaning: 'threads of the process, idle ones too',
    cell: ({ threads }) => number(threads, formatFew(threads, 3)),
    sortBy: ({ threads }) => threads,
  },
  {
    id: 'connections',
    header: 'CONN',
    width: 4,
    align: 'right',
    rank: 9,
    meaning: `open client connections, kept-alive ones too; ${PRIVILEGE}`,
    cell: ({ connections }) => number(connections, formatFew(connections, 4)),
    sortBy: ({ connections }) => connections,
  },
  {
    id: 'fds',
    header: 'FDS',
    width: 4,
    align: 'right',
    rank: 13,
    meaning: `open file descriptors; ${PRIVILEGE}`,
    cell: ({ fds }) => number(fds, formatFew(fds, 4)),
    sortBy: ({ fds }) => fds,
  },
  {
    id: 'rate',
    header: 'REQ/S',
    width: 5,
    align: 'right',
    rank: 6,
    meaning: 'requests a second; needs %(p)s in the access log format',
    cell: ({ requestsPerSecond }) => number(requestsPerSecond, formatRate(requestsPerSecond)),
    sortBy: ({ requestsPerSecond }) => requestsPerSecond,
  },
  {
    id: 'beat',
    header: 'BEAT',
    width: 6,
    align: 'right',
    rank: 5,
    meaning: `age of the heartbeat: the master kills the worker when it reaches the timeout; ${PRIVILEGE}`,
    cell: (row, { snapshot }) => ({
      text: formatDuration(row.heartbeatAgeSeconds),
      style: againstTimeout(row.heartbeatAgeSeconds, row, snapshot),
    }),
    sortBy: ({ heartbeatAgeSeconds }) => heartbeatAgeSeconds,
  },
  {
    id: 'kill',
    header: 'KILL',
    width: 6,
    align: 'right',
    rank: 14,
    firstAscending: true,
    meaning: `time until the master kills it, should it stay silent; ${PRIVILEGE}`,
    cell: (row, { snapshot }) => ({
      text: formatDuration(row.secondsToKill),
      style: row.secondsToKill === null ? 'unknown' : againstTimeout(row.heartbeatAgeSeconds, row, snapshot),
    }),
    sortBy: ({ secondsToKill }) => secondsToKill,
  },
  {
    id: 'age',
    header: 'AGE',
    width: 6,
    align: 'right',
    rank: 6,
    letter: 'A',
    meaning: 'since the worker was started',
    cell: ({ ageSeconds }) => ({ text: formatAge(ageSeconds), style: ageSeconds === null ? 'unknown' : 'text' }),
    sortBy: ({ ageSeconds }) => ageSeconds,
  },
  {
    id: 'client',
    header: 'CLIENT',
    width: 15,
    widest: IPV6_WIDTH,
    align: 'left',
    rank: 10,
    meaning: `whom it serves: the peer of the connection held longest; ${PRIVILEGE}`,
    cell: ({ clientAddress }) => ({ text: clientAddress ?? '', style: 'dim' }),
    sortBy: ({ clientAddress }) => clientAddress,
    firstAscending: true,
  },
];
