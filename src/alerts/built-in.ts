/** The built-in rules. One row each: what it watches, from when on, for how long, how bad. */
import { sayCount, sayNumber, sayPercent, saySeconds } from '../model/figures.ts';
import { accessLogs, errorRatio, hasLostErrorLog, isBlind, silentSeconds, usedRatio } from '../model/service-view.ts';
import { sayMasterDown } from '../model/verdict/master-down.ts';
import type { AlertReading, AlertRule } from './rule.ts';
import type { AlertView } from './view.ts';

/** Fewer requests say nothing about a share or a percentile. */
const ENOUGH = 20;

/** `5xx 6.1 % > 5 %`, active above the limit. */
function above(label: string, value: number, limit: number, say: (value: number) => string): AlertReading {
  const active = value > limit;
  return { value, active, summary: `${label} ${say(value)} ${active ? '>' : '≤'} ${say(limit)}` };
}

const calm = (summary: string, value: number | null = null): AlertReading => ({ value, active: false, summary });
const lost = (what: string): AlertReading => ({ value: null, active: null, summary: `no data: ${what}` });

const sayLostLog = (view: AlertView): string =>
  accessLogs(view)
    .map((source) => `${source.path}: ${source.message ?? source.state}`)
    .join(' · ') || 'no access log';

const hasNoMaster = (view: AlertView): boolean => view.masters === null || view.masters.length === 0;

/** Ends of workers come from the error log; from the processes alone where no error log is read. */
const seesEnds = (view: AlertView): boolean => view.watches.errorLog || view.watches.processes;

function endsReading(view: AlertView, count: number, isActive: boolean, summary: string | null): AlertReading {
  if (!isActive && hasLostErrorLog(view)) return lost('the error log is not there');
  return { value: count, active: isActive, summary: summary ?? `${count} in the last minute` };
}

/** Every log that was read so far has no request times: the format's choice. */
const hasDurations = (view: AlertView): boolean =>
  !accessLogs(view).some((log) => log.linesParsed > 0) || accessLogs(view).some((log) => log.durationUnit !== null);

export const BUILT_IN_RULES: readonly AlertRule[] = [
  {
    name: 'HighErrorRate',
    severity: 'critical',
    enabled: true,
    threshold: 0.05,
    unit: 'ratio',
    windowSeconds: 60,
    forSeconds: 30,
    applies: (view) => view.watches.accessLog,
    check: (view, limit) => {
      if (view.oneMinute.requests >= ENOUGH) return above('5xx', errorRatio(view.oneMinute) ?? 0, limit, sayPercent);
      if (isBlind(view)) return lost(sayLostLog(view));
      return calm(`fewer than ${ENOUGH} requests in the last minute`, errorRatio(view.oneMinute));
    },
  },
  {
    name: 'HighLatency',
    severity: 'warning',
    enabled: true,
    threshold: 1,
    unit: 'seconds',
    windowSeconds: 60,
    forSeconds: 60,
    applies: (view) => view.watches.accessLog && hasDurations(view),
    check: (view, limit) => {
      const { latencyCount, p95Seconds } = view.oneMinute;
      if (latencyCount >= ENOUGH && p95Seconds !== null) return above('p95', p95Seconds, limit, saySeconds);
      if (isBlind(view)) return lost(sayLostLog(view));
      return calm(`fewer than ${ENOUGH} request times in the last minute`);
    },
  },
  {
    name: 'HighCpuUsage',
    severity: 'warning',
    enabled: true,
    threshold: 80,
    unit: 'percent',
    windowSeconds: 60,
    forSeconds: 120,
    applies: (view) => view.watches.processes,
    check: (view, limit) => {
      if (hasNoMaster(view)) return lost('no master');
      if (view.cpuPercent === null) return calm('two looks are needed');
      return above('CPU', view.cpuPercent, limit, (percent) => sayPercent(percent / 100));
    },
  },
  {
    name: 'HighMemoryUsage',
    severity: 'warning',
    enabled: true,
    threshold: 0.9,
    unit: 'ratio',
    windowSeconds: null,
    forSeconds: 120,
    applies: (view) => view.watches.processes,
    check: (view, limit) => {
      if (hasNoMaster(view)) return lost('no master');
      const host = ratio(view.hostMemoryUsedBytes, view.hostMemoryTotalBytes);
      const group = ratio(view.memoryBytes, view.memoryLimitBytes);
      if (host === null && group === null) return lost('memory cannot be read');
      return (group ?? 0) > (host ?? 0)
        ? above('of the cgroup limit', group ?? 0, limit, sayPercent)
        : above('memory of the host', host ?? 0, limit, sayPercent);
    },
  },
  {
    name: 'WorkerTimeout',
    severity: 'critical',
    enabled: true,
    threshold: 0,
    unit: 'count',
    windowSeconds: 60,
    forSeconds: 0,
    applies: seesEnds,
    check: (view, limit) => {
      const count = view.ends.byReason.timeout;
      return endsReading(view, count, count > limit, view.ends.lastTimeout);
    },
  },
  {
    name: 'WorkerCrash',
    severity: 'critical',
    enabled: true,
    threshold: 0,
    unit: 'count',
    windowSeconds: 60,
    forSeconds: 0,
    applies: seesEnds,
    check: (view, limit) => {
      const count = view.ends.abnormal - view.ends.byReason.timeout;
      return endsReading(view, count, count > limit, view.ends.lastCrash);
    },
  },
  {
    name: 'RestartLoop',
    severity: 'critical',
    enabled: true,
    threshold: 3,
    unit: 'count',
    windowSeconds: 60,
    forSeconds: 0,
    applies: seesEnds,
    check: (view, limit) => {
      const { abnormal, lastCrash, lastTimeout } = view.ends;
      const last = lastCrash ?? lastTimeout;
      const summary = `${sayCount(abnormal, 'worker')} ended abnormally in the last minute`;
      return endsReading(view, abnormal, abnormal >= limit, last === null ? summary : `${summary}, the last: ${last}`);
    },
  },
  {
    name: 'Saturated',
    severity: 'critical',
    enabled: true,
    threshold: 0.9,
    unit: 'ratio',
    windowSeconds: 10,
    forSeconds: 10,
    applies: (view) => view.watches.processes,
    check: (view, limit) => {
      const used = usedRatio(view);
      const { backlog } = view.saturation;
      if (hasNoMaster(view)) return lost('no master');
      if (backlog !== null && backlog > 0) {
        const wait = sayCount(backlog, 'connection');
        return { value: used, active: true, summary: `${wait} waiting to be accepted` };
      }
      if (used !== null) return above('utilisation', used, limit, sayPercent);
      return backlog === 0 ? calm('nobody waits to be accepted') : lost('neither queue nor workers can be read');
    },
  },
  {
    name: 'MasterDown',
    severity: 'critical',
    enabled: true,
    threshold: null,
    unit: 'count',
    windowSeconds: null,
    forSeconds: 5,
    applies: (view) => view.watches.processes && view.masters !== null,
    check: (view) => {
      const count = view.masters?.length ?? 0;
      if (count > 0) return calm(sayCount(count, 'master'), count);
      return { value: 0, active: true, summary: sayMasterDown(view) };
    },
  },
  {
    name: 'ProbeFailed',
    severity: 'critical',
    enabled: true,
    threshold: null,
    unit: 'count',
    windowSeconds: null,
    // As the probe says: it is failing only after as many failures in a row as its configuration asks for.
    forSeconds: 0,
    applies: (view) => view.probes.length > 0,
    check: (view) =>
      view.probes.map(({ name, isFailing, failures, last }) => ({
        value: failures,
        active: isFailing,
        summary: isFailing ? `${name} is down: ${last?.error ?? 'no reason given'}` : `${name} is up`,
        labels: { probe: name },
        instance: name,
      })),
  },
  {
    name: 'DiskAlmostFull',
    severity: 'warning',
    enabled: true,
    threshold: 0.9,
    unit: 'ratio',
    windowSeconds: null,
    forSeconds: 60,
    applies: (view) => view.disks !== null && view.disks.length > 0,
    check: (view, limit) => {
      const known = (view.disks ?? []).filter((disk) => disk.usedRatio !== null);
      const [fullest] = known.toSorted((a, b) => (b.usedRatio ?? 0) - (a.usedRatio ?? 0));
      if (!fullest) return lost('disks cannot be read');
      return { ...above(fullest.mount, fullest.usedRatio ?? 0, limit, sayPercent), labels: { mount: fullest.mount } };
    },
  },
  {
    name: 'LogStale',
    severity: 'warning',
    enabled: true,
    threshold: 60,
    unit: 'seconds',
    windowSeconds: 60,
    forSeconds: 0,
    // Where connections cannot be counted nothing says that lines should come.
    applies: (view) =>
      view.watches.accessLog && view.watches.processes && (isBlind(view) || view.activeConnections !== null),
    check: (view, limit) => {
      const seconds = silentSeconds(view);
      if (seconds === null) return lost(sayLostLog(view));
      if (seconds <= limit) return calm('lines keep up with connections', seconds);
      const open = sayCount(view.activeConnections ?? 0, 'connection');
      return { value: seconds, active: true, summary: `no line for ${saySeconds(seconds)}, yet ${open} open` };
    },
  },
  {
    name: 'LowRequestRate',
    severity: 'warning',
    enabled: false,
    threshold: 0.1,
    unit: 'perSecond',
    windowSeconds: 300,
    forSeconds: 600,
    applies: (view) => view.watches.accessLog,
    check: (view, limit) => {
      if (isBlind(view)) return lost(sayLostLog(view));
      const rate = view.fiveMinutes.requestsPerSecond;
      if (rate === null) return calm('nothing covered yet');
      const active = rate < limit;
      return {
        value: rate,
        active,
        summary: `${sayNumber(rate)} requests/s ${active ? '<' : '≥'} ${sayNumber(limit)}`,
      };
    },
  },
];

const ratio = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole <= 0 ? null : part / whole;
