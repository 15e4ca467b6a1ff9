/** What the sources lack, as sentences: a screen that has lost its log must not look calm. */
import type { Level, Snapshot, SourceInfo } from '../model/snapshot.ts';
import { shownAt } from './context.ts';
import { formatAge, formatCount, secondsSince } from './format.ts';

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
  const notes = sources.flatMap((source) => noteOf(source, snapshot));
  const order: readonly Level[] = ['critical', 'warning', 'unknown', 'ok'];
  return notes.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function noteOf(source: SourceInfo, snapshot: Snapshot): readonly Note[] {
  const name = source.path === '-' ? 'standard input' : baseName(source.path);
  if (source.state === 'denied' || source.state === 'failed') {
    return [{ level: 'critical', text: `${name}: ${source.message ?? 'cannot be read'}` }];
  }
  if (source.state === 'waiting' || source.state === 'deleted') {
    return [{ level: 'warning', text: `${name}: ${source.message ?? 'not found: waiting'}` }];
  }
  if (source.message !== null) return [{ level: 'warning', text: `${name}: ${source.message}` }];
  if (source.state === 'reading') return [{ level: 'unknown', text: `${name}: reading back` }];
  if (source.linesRead === 0) return [{ level: 'unknown', text: `${name} is empty: no request yet` }];
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
