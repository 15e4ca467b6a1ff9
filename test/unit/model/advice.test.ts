import { describe, expect, it } from 'vitest';
import { type AdviceInput, advise } from '../../../src/model/advice.ts';

const MEGABYTE = 1e6;
/** Eight sync workers, 7 of them busy in the mean, on 16 CPUs that they hardly use. */
const input = (differences: Partial<AdviceInput> = {}): AdviceInput => ({
  workers: 8,
  slotsPerWorker: 1,
  erlangs: 7,
  requests: 4200,
  requestsPerSecond: 70,
  backlog: 0,
  cpuCores: 0.7,
  cpus: 16,
  workerBytes: 100 * MEGABYTE,
  freeBytes: 1000 * MEGABYTE,
  ...differences,
});

describe('advice', () => {
  it('is for at most 70 % in use, with what memory and CPU allow', () => {
    expect(advise(input())).toEqual({
      recommendedWorkers: 10,
      recommendationText: '8 → 10 workers; CPU allows 205, memory allows 17',
    });
  });

  it('counts a queue that has to be worked off', () => {
    // 200 wait, each 0.1 s: 20 s of work, in 10 s by two more workers.
    expect(advise(input({ backlog: 200 })).recommendedWorkers).toBe(12);
  });

  it('counts in threads where a worker has some', () => {
    expect(advise(input({ workers: 2, slotsPerWorker: 4 })).recommendedWorkers).toBe(3);
  });

  it('names threads as the other way, which costs no memory, unless they would compute on one CPU', () => {
    const gthread = { workers: 2, slotsPerWorker: 4 };
    expect(advise(input(gthread)).recommendationText).toBe(
      '2 → 3 workers, or 4 → 5 threads each; CPU allows 51, memory allows 11',
    );
    expect(advise(input({ ...gthread, freeBytes: 0 })).recommendationText).toBe(
      '3 workers would be wanted, but memory allows 2: 4 → 5 threads each instead',
    );
    expect(advise(input({ ...gthread, cpuCores: 2 })).recommendationText).toMatch(/^2 → 3 workers; CPU allows/);
  });

  it('takes no worker for more than one core, whatever its starts cost while there is little to do', () => {
    const idle = advise(input({ workers: 2, erlangs: 0.001, cpuCores: 0.05, cpus: 2 }));
    expect(idle.recommendationText).toMatch(/^2 workers are enough: 0 % in use; CPU allows 2,/);
  });

  it('says that there are enough', () => {
    expect(advise(input({ erlangs: 2 })).recommendationText).toMatch(/^8 workers are enough: 25 % in use; CPU allows/);
    expect(advise(input({ workers: 1, erlangs: 0.1 })).recommendationText).toMatch(/^1 worker is enough: 10 % in use/);
  });

  it('names no limit below the workers that are there and enough', () => {
    const { recommendationText } = advise(input({ workers: 3, erlangs: 0.1, cpuCores: 0.1, cpus: 2 }));
    expect(recommendationText).toMatch(/^3 workers are enough: 3 % in use/);
    expect(recommendationText).not.toContain('CPU');
  });

  it('never goes beyond what CPU or memory allow, and says what would help', () => {
    // Each request in service takes a whole CPU.
    const cpu = advise(input({ cpuCores: 7, cpus: 8 }));
    expect(cpu).toEqual({
      recommendedWorkers: 10,
      recommendationText: '8 → 10 workers; CPU allows 10, memory allows 17',
    });
    expect(advise(input({ cpuCores: 7, cpus: 4 })).recommendationText).toBe(
      '10 workers would be wanted, but CPU allows 5: cheaper requests, or more CPUs',
    );
    expect(advise(input({ freeBytes: 50 * MEGABYTE }))).toEqual({
      recommendedWorkers: 8,
      recommendationText: '10 workers would be wanted, but memory allows 8: threads instead of workers, or more memory',
    });
  });

  it('leaves out what is not known', () => {
    expect(advise(input({ cpuCores: null, workerBytes: null })).recommendationText).toBe('8 → 10 workers');
  });

  it('is silent while there is too little to go by', () => {
    const none = { recommendedWorkers: null, recommendationText: null };
    expect(advise(input({ requests: 99 }))).toEqual(none);
    expect(advise(input({ workers: 0 }))).toEqual(none);
    expect(advise(input({ requestsPerSecond: 0 }))).toEqual(none);
  });
});
