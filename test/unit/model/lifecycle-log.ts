/** Just enough of an error-log reader to feed real logs to the model; the real one is tested where it lives. */
import { readFileSync } from 'node:fs';
import type { ErrorEntry, LifecycleEvent } from '../../../src/model/facts.ts';
import { Incidents } from '../../../src/model/incidents.ts';
import type { KilledRequest } from '../../../src/model/killed-requests.ts';

const LINE = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) [+-]\d{4}\] \[(\d+)\] \[([A-Z]+)\] (.*)$/;

const MESSAGES: readonly (readonly [RegExp, (groups: readonly string[]) => LifecycleEvent])[] = [
  [/^Starting gunicorn (.*)$/, ([version = '']) => ({ kind: 'master-start', version })],
  [/^Control socket listening at (.*)$/, ([path = '']) => ({ kind: 'control-socket', path })],
  [/^Booting worker with pid: (\d+)$/, ([pid]) => ({ kind: 'worker-boot', pid: Number(pid) })],
  [/^Worker exiting \(pid: (\d+)\)$/, ([pid]) => ({ kind: 'worker-exit', pid: Number(pid) })],
  [/^Autorestarting worker after current request\.$/, () => ({ kind: 'worker-recycle' })],
  [/^WORKER TIMEOUT \(pid:(\d+)\)$/, ([pid]) => ({ kind: 'worker-timeout', pid: Number(pid) })],
  [
    /^Worker \(pid:(\d+)\) was sent (\w+)!/,
    ([pid, signal = '']) => ({ kind: 'worker-signal', pid: Number(pid), signal }),
  ],
  [
    /^Worker with pid (\d+) was terminated due to signal (\d+)$/,
    ([pid, signal = '']) => ({ kind: 'worker-signal', pid: Number(pid), signal }),
  ],
  [
    /^Worker \(pid:(\d+)\) exited with code (\d+)\.?$/,
    ([pid, code]) => ({ kind: 'worker-exit-code', pid: Number(pid), code: Number(code) }),
  ],
  [/^Exception in worker process$/, () => ({ kind: 'worker-exception' })],
  [/^Parent changed, shutting down/, () => ({ kind: 'worker-orphaned' })],
  [/^Shutting down: (Master\S*)$/, ([name = '']) => ({ kind: 'master-shutdown', name })],
  [/^Reason: (.*)$/, ([reason = '']) => ({ kind: 'shutdown-reason', reason })],
  [/^Handling signal: (\w+)$/, ([name = '']) => ({ kind: 'signal', name })],
  [/^Hang up: Master$/, () => ({ kind: 'reload' })],
  [/^Master has been promoted\.$/, () => ({ kind: 'promoted' })],
  [/^USR2 signal ignored/, () => ({ kind: 'upgrade-ignored' })],
  [
    /^Error handling request (?:([A-Z]+) )?(\/\S*)$/,
    ([method, target]) => ({ kind: 'request-error', method: method ?? null, target: target ?? null }),
  ],
  [
    /^Invalid request from ip=([^:]*): (.*)$/,
    ([address = '', reason = '']) => ({ kind: 'invalid-request', address, reason }),
  ],
];

export function parseLog(text: string): ErrorEntry[] {
  const entries: ErrorEntry[] = [];
  for (const line of text.split('\n')) {
    const head = LINE.exec(line);
    if (head) {
      const [, date, time, pid, level = '', message = ''] = head;
      entries.push(entry(message, { atMs: Date.parse(`${date}T${time}Z`), pid: Number(pid), level }));
      continue;
    }
    const last = entries.pop();
    if (last && line !== '')
      entries.push({ ...last, traceback: last.traceback === null ? line : `${last.traceback}\n${line}` });
    else if (last) entries.push(last);
  }
  return entries;
}

/** One entry as the error log's reader would make it of this message. */
export function entry(message: string, rest: Partial<ErrorEntry> = {}): ErrorEntry {
  const found = MESSAGES.map(([pattern, make]) => {
    const match = pattern.exec(message);
    return match && make(match.slice(1));
  }).find((event) => event !== null);
  return { atMs: Number.NaN, pid: null, level: 'INFO', message, event: found ?? null, traceback: null, ...rest };
}

export const readLog = (name: string): ErrorEntry[] =>
  parseLog(readFileSync(`test/fixtures/lifecycle/${name}.log`, 'utf8'));

export interface Told {
  readonly incidents: Incidents;
  readonly killed: readonly KilledRequest[];
  /** Reasons and their counts, the ones that did not happen left out. */
  readonly exits: Readonly<Record<string, number>>;
  /** Sentences of the events, oldest first. */
  readonly texts: readonly string[];
}

/** Feeds entries as a log that is read to its end, and settles everything. */
export function tell(entries: readonly ErrorEntry[], prepare: (incidents: Incidents) => void = () => {}): Told {
  const killed: KilledRequest[] = [];
  const incidents = new Incidents({ readsErrorLog: true, onKilled: (request) => void killed.push(request) });
  prepare(incidents);
  for (const one of entries) incidents.addEntry(one, one.atMs);
  incidents.settle((entries.at(-1)?.atMs ?? 0) + 60_000);
  const happened = Object.entries(incidents.exits().byReason).filter(([, count]) => count > 0);
  return {
    incidents,
    killed,
    exits: Object.fromEntries(happened),
    texts: incidents
      .events()
      .map((event) => event.text)
      .reverse(),
  };
}
