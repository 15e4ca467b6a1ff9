import { describe, expect, it } from 'vitest';
import type { MasterFact } from '../../../src/model/facts.ts';
import { SettledWorkers } from '../../../src/model/settled-workers.ts';
import { master, sample, worker } from './samples.ts';

/** What the last of some looks says of how many workers are wanted, where the settings say 3. */
function wanted(
  looks: readonly (readonly [second: number, pids: readonly number[]])[],
  rest: Partial<MasterFact> = {},
) {
  const settled = new SettledWorkers();
  const masters = [master({ workersTarget: 3, ...rest })];
  const answers = looks.map(([second, pids]) =>
    settled.complete(sample(second, { masters, workers: pids.map((pid) => worker(pid)) })),
  );
  return answers.at(-1)?.masters[0]?.workersTarget;
}

describe('how many workers a master wants', () => {
  it('is what its settings say while it has as many', () => {
    expect(
      wanted([
        [0, [1, 2, 3]],
        [90, [1, 2, 3]],
      ]),
    ).toBe(3);
  });

  it('is fewer when it starts none in place of one that is missing (TTOU)', () => {
    expect(
      wanted([
        [0, [1, 2]],
        [4, [1, 2]],
      ]),
    ).toBe(3);
    expect(
      wanted([
        [0, [1, 2]],
        [5, [2, 1]],
      ]),
    ).toBe(2);
  });

  it('is more when they stay for longer than a reload takes (TTIN)', () => {
    expect(
      wanted([
        [0, [1, 2, 3, 4]],
        [40, [1, 2, 3, 4]],
      ]),
    ).toBe(3);
    expect(
      wanted([
        [0, [1, 2, 3, 4]],
        [60, [1, 2, 3, 4]],
      ]),
    ).toBe(4);
  });

  it('is not known from workers that come and go', () => {
    expect(
      wanted([
        [0, [1, 2]],
        [4, [1, 5]],
        [8, [1, 6]],
        [12, [1, 7]],
      ]),
    ).toBe(3);
  });

  it.each([
    ['there is none', [], {}],
    ['the master is stopped', [1, 2], { osState: 'T' }],
  ])('is not known where %s', (_why, pids, rest) => {
    expect(
      wanted(
        [
          [0, pids],
          [90, pids],
        ],
        rest,
      ),
    ).toBe(3);
  });

  it('is unknown where the settings are', () => {
    expect(
      wanted(
        [
          [0, [1, 2]],
          [90, [1, 2]],
        ],
        { workersTarget: null },
      ),
    ).toBeNull();
  });
});
