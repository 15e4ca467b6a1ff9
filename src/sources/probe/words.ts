/** What the words of health answers mean. */
import type { HealthRow } from '../../model/snapshot.ts';

export type HealthLevel = HealthRow['status'];

/**
 * As health endpoints say it: RFC draft health+json (`pass`, `warn`, `fail`), Spring (`UP`, `DOWN`), Docker
 * (`healthy`, `unhealthy`), Elasticsearch (`green`, `yellow`, `red`), and what people write by hand.
 */
const WORDS: Readonly<Record<Exclude<HealthLevel, 'unknown'>, string>> = {
  ok: 'ok okay up pass passing passed healthy alive live ready good green true yes success running connected available operational serving',
  degraded: 'degraded warn warning partial slow yellow limited',
  error:
    'error errored down fail failed failing failure unhealthy bad red false no critical fatal dead disconnected unavailable unreachable refused timeout missing stopped',
};

const LEVEL_OF: ReadonlyMap<string, HealthLevel> = new Map(
  (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((level) =>
    WORDS[level].split(' ').map((word) => [word, level] as const),
  ),
);

/** `not ready`, `not connected`. */
const NEGATION = /^not?[ _-]+/;

/**
 * What a status says. Only its first word counts, so that `error: connection refused` and `ok (12 ms)` are
 * understood; one that is not in the table is unknown.
 */
export function levelOf(status: string): HealthLevel {
  const text = status.trim().toLowerCase();
  const isNegated = NEGATION.test(text);
  const word = /^[a-z]+/.exec(text.replace(NEGATION, ''))?.[0] ?? '';
  const level = LEVEL_OF.get(word) ?? 'unknown';
  if (!isNegated || level === 'unknown') return level;
  return level === 'error' ? 'unknown' : 'error';
}

const RANK: Readonly<Record<HealthLevel, number>> = { ok: 0, unknown: 1, degraded: 2, error: 3 };

/** The worst of them; unknown ones say nothing. */
export function worst(levels: readonly HealthLevel[]): HealthLevel {
  const known = levels.filter((level) => level !== 'unknown');
  if (known.length === 0) return 'unknown';
  return known.reduce((one, other) => (RANK[other] > RANK[one] ? other : one));
}
