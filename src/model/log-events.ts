/** Rotations, truncations and losses of the logs, as events. */
import type { EventDraft } from './events.ts';
import type { SourceFact } from './facts.ts';
import { sayBytes } from './figures.ts';
import type { Level, SourceState } from './snapshot.ts';

/** States that a log may fall into, and how bad that is; null: no event. */
const LEVELS: Readonly<Record<SourceState, Level | null>> = {
  waiting: 'warning',
  reading: null,
  live: 'ok',
  deleted: 'warning',
  denied: 'critical',
  failed: 'critical',
  ended: 'ok',
};

const nameOf = (path: string): string => (path === '-' ? 'standard input' : (path.split('/').at(-1) ?? path));

/** Compares how reading goes with the time before; the first look at a log is no event. */
export class LogEvents {
  readonly #before = new Map<string, SourceFact>();

  changes(sources: readonly SourceFact[], atMs: number): readonly EventDraft[] {
    return sources.flatMap((source) => {
      const before = this.#before.get(source.path);
      this.#before.set(source.path, source);
      return before ? changesOf(before, source, atMs) : [];
    });
  }
}

function changesOf(before: SourceFact, now: SourceFact, atMs: number): EventDraft[] {
  const drafts: EventDraft[] = [];
  const tell = (kind: string, level: Level, text: string): void => void drafts.push({ atMs, kind, level, text });
  const name = nameOf(now.path);
  if (now.rotations > before.rotations) tell('log-rotated', 'ok', `${name} rotated`);
  if (now.truncations > before.truncations) tell('log-truncated', 'ok', `${name} truncated`);
  const lost = now.possiblyLostBytes - before.possiblyLostBytes;
  if (lost > 0)
    tell('log-lost', 'warning', `${name}: up to ${sayBytes(lost)} were truncated before they could be read`);
  if (now.state !== before.state) {
    const level = LEVELS[now.state];
    const isBack = now.state === 'live' && LEVELS[before.state] !== null;
    if (isBack) tell('log-back', 'ok', `${name} is read again`);
    else if (level !== null && now.state !== 'live') tell('log-state', level, `${name}: ${now.message ?? now.state}`);
  }
  return drafts;
}
