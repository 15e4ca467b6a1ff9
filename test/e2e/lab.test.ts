/** The incident lab: what `npm run lab` stages, gtop must name rightly, and be silent in quiet hours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeSetting } from '../lab/incident.ts';
import { INCIDENTS } from '../lab/incidents/index.ts';
import { type Result, run, runAll, type Trial, trialsOf } from '../lab/run.ts';
import { cleanUp } from '../support/cleanup.ts';

/** All are staged side by side; the last one ends after some three minutes. */
const DEADLINE_MS = 900_000;

const trials = trialsOf(INCIDENTS);
const results = new Map<Trial, PromiseWithResolvers<Result>>();

beforeAll(() => {
  for (const trial of trials) results.set(trial, deferred());
  // Never rejects: what goes wrong on the stage is a fault of the result.
  void runAll(trials, (result) => results.get(result.trial)?.resolve(result));
});
afterAll(cleanUp);

describe.each(INCIDENTS)('$name: $title', (incident) => {
  for (const trial of trials.filter((one) => one.incident === incident)) {
    it(
      describeSetting(trial.setting),
      async ({ task }) => {
        // Side by side the scenes share two cores with each other; what went wrong there is staged once more by itself.
        const isAgain = (task.result?.retryCount ?? 0) > 0;
        const result = isAgain ? await run(trial) : await results.get(trial)?.promise;
        expect({ faults: result?.faults, said: result?.said }).toEqual({ faults: [], said: result?.said });
      },
      DEADLINE_MS,
    );
  }
});

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function deferred<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
