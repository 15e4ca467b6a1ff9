/**
 * Reads the datagrams that Gunicorn sends by StatsD (gunicorn/instrument/statsd.py, 19.9 to 26.2):
 *
 *     web1.gunicorn.request.duration:2.333|ms
 *     web1.gunicorn.requests:1|c|@1.0
 *     web1.gunicorn.request.status.200:1|c|@1.0|#shop:north
 *     web1.gunicorn.workers:2|g
 *
 * One number each; a relay in between may join several with newlines. What stands before `gunicorn.` is a prefix, and
 * may be anything: one of a single letter is not even set off by a dot.
 */
import type { StatsdLogLevel, StatsdMetric } from '../../model/facts.ts';

export interface PacketReading {
  readonly metrics: readonly StatsdMetric[];
  /** Well-formed numbers that are not Gunicorn's: its application may send its own here. */
  readonly foreign: number;
  /** Lines that are no StatsD. */
  readonly rejected: number;
}

/** `name:value|type`, then a sample rate and tags in any order. Names of others may hold almost anything. */
const LINE = /^([^:|]{1,300}):([^|]{1,40})\|([a-z]{1,2})((?:\|[@#cT:][^|]*)*)$/;
const NUMBER = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const OWN_NAME = /gunicorn\.((?:request|log|workers|backlog)[\w.]*)$/;

/** Longer ones than the 24 h that Gunicorn's own clock can show (`timedelta.seconds`) are rubbish. */
const MOST_MILLISECONDS = 86_400_000;
/** So are counts that would swamp every other one. */
const MOST_COUNT = 1_000_000;

/** What Gunicorn calls its numbers, and their types: a timer was a histogram for some, a backlog is one since 24.1. */
const METRICS: readonly {
  readonly name: RegExp;
  readonly types: readonly string[];
  read(value: number, found: RegExpExecArray): StatsdMetric | null;
}[] = [
  { name: /^requests$/, types: ['c'], read: (count) => ({ kind: 'requests', count }) },
  {
    name: /^request\.duration$/,
    types: ['ms', 'h', 'd'],
    read: (value) => (value <= MOST_MILLISECONDS ? { kind: 'duration', seconds: value / 1000 } : null),
  },
  {
    name: /^request\.status\.([1-9]\d\d)$/,
    types: ['c'],
    read: (count, found) => ({ kind: 'status', code: Number(found[1]), count }),
  },
  {
    name: /^log\.(critical|error|exception|warning)$/,
    types: ['c'],
    // The pattern lets nothing else through.
    read: (count, found) => ({ kind: 'log', level: found[1] as StatsdLogLevel, count }),
  },
  { name: /^workers$/, types: ['g'], read: (value) => gauge('workers', value) },
  { name: /^backlog$/, types: ['h', 'g', 'ms', 'd'], read: (value) => gauge('backlog', value) },
];

/** Workers and connections come whole. */
const gauge = (kind: 'workers' | 'backlog', value: number): StatsdMetric | null =>
  Number.isInteger(value) && value <= MOST_COUNT ? { kind, value } : null;

/** @param text a datagram. Never throws, whatever it holds. */
export function readPacket(text: string): PacketReading {
  const metrics: StatsdMetric[] = [];
  let foreign = 0;
  let rejected = 0;
  for (const line of text.split('\n')) {
    if (line === '' || line === '\r') continue;
    const metric = readLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (metric === null) rejected++;
    else if (metric === 'foreign') foreign++;
    else metrics.push(metric);
  }
  return { metrics, foreign, rejected };
}

function readLine(line: string): StatsdMetric | 'foreign' | null {
  const [, name, digits, type, rest] = LINE.exec(line) ?? [];
  if (name === undefined || digits === undefined || type === undefined) return null;
  const own = OWN_NAME.exec(name)?.[1];
  if (own === undefined) return 'foreign';
  for (const metric of METRICS) {
    const found = metric.name.exec(own);
    if (found === null) continue;
    if (!metric.types.includes(type) || !NUMBER.test(digits)) return null;
    const value = type === 'c' ? Number(digits) / rateOf(rest ?? '') : Number(digits);
    return Number.isFinite(value) && (type !== 'c' || value <= MOST_COUNT) ? metric.read(value, found) : null;
  }
  return 'foreign';
}

/** `@0.1` stands for one in ten; Gunicorn always says 1.0. */
function rateOf(rest: string): number {
  const rate = Number(/\|@([\d.]+)/.exec(rest)?.[1] ?? 1);
  return rate > 0 && rate <= 1 ? rate : 1;
}
