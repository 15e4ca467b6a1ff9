/** One line for Nagios and its kin, and the exit code that goes with it. Pure. */

import type { Level, Snapshot } from '../../model/snapshot.ts';
import { visible } from '../../text/visible.ts';
import { isBroken, type Limit, plain, rangeOf } from './limit.ts';
import { ALWAYS_SHOWN, CHECK_METRICS } from './metrics.ts';

const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
type State = 0 | 1 | 2 | 3;

const STATE_OF: Readonly<Record<Level, State>> = { ok: 0, warning: 1, critical: 2, unknown: 3 };
/** A thing that is critical is so whatever else is not known. */
const RANK: Readonly<Record<State, number>> = { 0: 0, 1: 1, 3: 2, 2: 3 };

export interface Answer {
  readonly line: string;
  readonly exitCode: State;
}

export interface Limits {
  readonly warning: readonly Limit[];
  readonly critical: readonly Limit[];
}

/** The worst of the verdict and the limits. A limit whose metric is not known makes the answer unknown. */
export function answer(snapshot: Snapshot, limits: Limits): Answer {
  const findings: { state: State; text: string }[] = [];
  for (const [state, list] of [
    [2, limits.critical],
    [1, limits.warning],
  ] as const) {
    for (const limit of list) {
      const reading = CHECK_METRICS[limit.metric]?.read(snapshot) ?? null;
      if (reading === null) findings.push({ state: 3, text: `${limit.metric} is not known` });
      else if (isBroken(limit, reading))
        findings.push({ state, text: `${limit.metric} ${short(reading)} (${limit.text})` });
    }
  }
  findings.push({ state: STATE_OF[snapshot.verdict.level], text: snapshot.verdict.text });
  const worst = findings.reduce((a, b) => (RANK[b.state] > RANK[a.state] ? b : a));
  const texts = worst.state === 0 ? [worst.text] : findings.filter(({ state }) => state !== 0).map(({ text }) => text);
  const said = [...new Set(texts)].join('; ');
  return { line: statusLine(worst.state, said, performance(snapshot, limits)), exitCode: worst.state };
}

/** When there is no answer at all. */
export const noAnswer = (message: string): Answer => ({ line: statusLine(3, message, ''), exitCode: 3 });

/** The bar separates the performance data: it must not stand in the text. */
function statusLine(state: State, text: string, data: string): string {
  const clean = visible(text).replaceAll('|', '¦');
  return `GTOP ${STATES[state]}: ${clean}${data === '' ? '' : ` | ${data}`}`;
}

function performance(snapshot: Snapshot, { warning, critical }: Limits): string {
  const names = new Set([
    ...ALWAYS_SHOWN,
    ...warning.map(({ metric }) => metric),
    ...critical.map(({ metric }) => metric),
  ]);
  return [...names]
    .flatMap((name) => {
      const metric = CHECK_METRICS[name];
      const value = metric?.read(snapshot) ?? null;
      if (metric === undefined || value === null) return [];
      const range = (list: readonly Limit[]): string => {
        const limit = list.find((each) => each.metric === name);
        return limit ? rangeOf(limit) : '';
      };
      return [`${name}=${short(value)}${metric.unit};${range(warning)};${range(critical)};0`];
    })
    .join(' ');
}

const short = (value: number): string => plain(value, 6);
