/** Right or wrong: what gtop said against what happened. */
import type { ExitReason, Snapshot } from '../../src/model/snapshot.ts';
import type { Exits, Expectation } from './incident.ts';
import type { Sight } from './watch.ts';

/** The verdict that a person on call is owed must be there within this time of the first symptom. */
export const IN_TIME_SECONDS = 10;
/** Samples are a second apart and take a moment to print: what a symptom causes may be in one from just before the call. */
const CLOCK_SLACK_MS = 1000;

export interface Judgement {
  /** The headline that named the incident; else the last one. */
  readonly said: string;
  /** From the first symptom to that headline; null when it never came. */
  readonly seconds: number | null;
  /** Said, but later than {@link IN_TIME_SECONDS}: a figure of this machine at this hour, so the tests do not judge it. */
  readonly isLate: boolean;
  /** What was wrong with what gtop said; empty: right. */
  readonly faults: readonly string[];
}

/** Whether the headline is this cause and names the culprit. */
export const isSaid = ({ verdict }: Snapshot, { kind, says }: Expectation): boolean =>
  verdict.level !== 'ok' && verdict.causes[0]?.kind === kind && says.test(verdict.text);

export function judge(
  sights: readonly Sight[],
  symptomMs: number,
  expected: Expectation | null,
  exits: Exits | null,
): Judgement {
  const last = sights.at(-1)?.snapshot;
  const faults = [
    ...strangeCauses(sights, expected),
    ...unknownStates(sights),
    ...(last && exits ? wrongExits(last, exits) : []),
  ];
  if (expected === null) return { said: last?.verdict.text ?? '', seconds: null, isLate: false, faults };
  const early = sights.find((sight) => sight.atMs < symptomMs - CLOCK_SLACK_MS && isSaid(sight.snapshot, expected));
  if (early) faults.push(`said before the first symptom: ${early.snapshot.verdict.text}`);
  const found = sights.find((sight) => sight.atMs >= symptomMs - CLOCK_SLACK_MS && isSaid(sight.snapshot, expected));
  if (!found) return { said: last?.verdict.text ?? '', seconds: null, isLate: false, faults: ['not said', ...faults] };
  const seconds = Math.max(0, (found.atMs - symptomMs) / 1000);
  return { said: found.snapshot.verdict.text, seconds, isLate: seconds > IN_TIME_SECONDS, faults };
}

/** Causes of any sample that are not true here. */
function strangeCauses(sights: readonly Sight[], expected: Expectation | null): string[] {
  const known = new Set(expected === null ? [] : [expected.kind, ...(expected.also ?? [])]);
  const strange = new Map<string, string>();
  for (const { snapshot } of sights) {
    for (const { kind, level, text } of snapshot.verdict.causes) {
      if (level !== 'ok' && !known.has(kind)) strange.set(kind, `${level} ${kind}: ${text}`);
    }
  }
  return [...strange.values()];
}

function unknownStates(sights: readonly Sight[]): string[] {
  const count = sights.flatMap(({ snapshot }) => snapshot.workers.filter(({ state }) => state === 'unknown')).length;
  return count > 0 ? [`${count} worker states unknown`] : [];
}

export function wrongExits({ workerExits: { byReason } }: Snapshot, exits: Exits): string[] {
  const reasons = Object.keys(byReason) as ExitReason[];
  return reasons.flatMap((reason) => {
    const wanted = exits[reason] ?? 0;
    const isRight = wanted === 'some' ? byReason[reason] > 0 : byReason[reason] === wanted;
    return isRight ? [] : [`${byReason[reason]} exits by ${reason}, not ${wanted}`];
  });
}
