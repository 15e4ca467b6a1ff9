/** What the sources lack, as sentences: a screen that has lost its log must not look calm. */
import type { Level, Snapshot, SourceInfo } from '../model/snapshot.ts';
import { type DrawContext, shownAt } from './context.ts';
import { formatAge, formatBytes, formatCount, formatRatio, secondsSince } from './format.ts';
import { meantByText } from './input/meant-by-text.ts';

export interface Note {
  readonly level: Level;
  readonly text: string;
}

/** The access log format that lets gtop know durations and workers: Gunicorn's default and two fields more. */
export const FULL_FORMAT = `--access-logformat '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %(p)s'`;

/** From here on silence is worth a word. */
const QUIET_SECONDS = 10;
/** Above this share of lines not understood, the format is probably the wrong one. */
const REJECTED_RATIO = 0.05;

/** As a person calls a log: `-` is what was piped in. */
export function sourceName(path: string): string {
  return path === '-' ? 'standard input' : baseName(path);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

/** The sources that may hold requests. */
export function accessSources(snapshot: Snapshot): readonly SourceInfo[] {
  return snapshot.ingest.sources.filter((source) => source.kind === 'access' || source.kind === 'unknown');
}

/** What is wrong with where the requests come from, the worst first; empty when all is well. */
export function sourceNotes(snapshot: Snapshot): readonly Note[] {
  const sources = accessSources(snapshot);
  if (sources.length === 0) return [{ level: 'unknown', text: 'no access log: use --log FILE' }];
  const notes = [...sources.flatMap((source) => noteOf(source, snapshot)), ...lossNotes(snapshot)];
  const order: readonly Level[] = ['critical', 'warning', 'unknown', 'ok'];
  return notes.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

/** What a truncation may have taken is not to be had again: it is said for as long as gtop runs. */
function lossNotes({ ingest: { possiblyLostBytes, truncations } }: Snapshot): readonly Note[] {
  if (possiblyLostBytes === 0) return [];
  const times = truncations === 1 ? 'a truncation' : `${formatCount(truncations)} truncations`;
  return [
    { level: 'unknown', text: `${times} may have taken ${formatBytes(possiblyLostBytes)} before they were read` },
  ];
}

function noteOf(source: SourceInfo, snapshot: Snapshot): readonly Note[] {
  const name = sourceName(source.path);
  if (source.state === 'denied' || source.state === 'failed') {
    return [{ level: 'critical', text: `${name}: ${source.message ?? 'cannot be read'}` }];
  }
  if (source.state === 'waiting' || source.state === 'deleted') {
    return [{ level: 'warning', text: `${name}: ${source.message ?? 'not found: waiting'}` }];
  }
  if (source.message !== null) return [{ level: 'warning', text: `${name}: ${source.message}` }];
  if (source.state === 'reading') return [{ level: 'unknown', text: `${name}: ${readingText(source)}` }];
  if (source.linesRead === 0) return [{ level: 'unknown', text: `no line read from ${name} yet` }];
  if (source.linesRejected > source.linesRead * REJECTED_RATIO) {
    const rejected = formatCount(source.linesRejected);
    return [
      { level: 'warning', text: `${rejected} lines of ${name} not understood: name the format with --log-format` },
    ];
  }
  const quiet = secondsSince(source.lastLineAt, shownAt(snapshot));
  if (quiet === null || quiet < QUIET_SECONDS || source.state === 'ended') return [];
  // Silence while clients are connected is a lost log or a hanging service; without clients it is a quiet night.
  const level: Level = (snapshot.traffic.activeConnections ?? 0) > 0 ? 'warning' : 'unknown';
  return [{ level, text: `no line for ${formatAge(quiet)}` }];
}

/** How far the past of a log has been read. */
function readingText({ bytesRead, lagBytes }: SourceInfo): string {
  const whole = bytesRead + (lagBytes ?? 0);
  return lagBytes === null || whole === 0
    ? 'reading the past'
    : `reading the past, ${formatRatio(bytesRead / whole)} %`;
}

/** Whether this is a moment of the past of which no look at processes, alerts and host was kept. */
export const isNotKept = ({ past }: Pick<Snapshot, 'past'>): boolean => past != null && past.recordedAt === null;

/** What stands in the place of `what`: a moment that nothing is known of need not have been a calm one. */
export const notKept = (what: string): string => `${what} of this moment were not kept`;

/** Why no request is shown: a log that cannot be read, a filter, or a quiet service. */
export function whyNoRequest({ snapshot, state }: Pick<DrawContext, 'snapshot' | 'state'>): string {
  const [note] = sourceNotes(snapshot);
  const isReadable = accessSources(snapshot).length > 0 && (note === undefined || note.level === 'unknown');
  if (snapshot.traffic.requestsPerSecond === null && !isReadable) return note?.text ?? 'no access log was read';
  // Requests of the past are known for as far back as the log was read, whatever else was kept.
  if (snapshot.past != null && snapshot.traffic.requestsPerSecond === null) return notKept('requests');
  if (state.filter === null) return 'no request in the window';
  const meant = meantByText(state.filter);
  return meant === null
    ? 'no request in the window passes the filter'
    : `no path in the window holds this text: try ${meant}`;
}
