import { describe, expect, it } from 'vitest';
import type { ProbeResult } from '../../../../src/model/facts.ts';
import { createProbes, type ProbeSpec } from '../../../../src/sources/probe/index.ts';

const T0 = 1_000_000;

const spec = (rest: Partial<ProbeSpec> = {}): ProbeSpec => ({
  kind: 'tcp',
  name: 'db',
  address: '127.0.0.1:5432',
  intervalSeconds: 10,
  timeoutSeconds: 3,
  initialDelaySeconds: 0,
  failures: 3,
  successes: 2,
  ...(rest as object),
});

const result = (ok: boolean): ProbeResult => ({
  ok,
  status: ok ? 'ok' : 'error',
  statusCode: null,
  seconds: ok ? 0.001 : null,
  error: ok ? null : 'connection refused',
  isUnanswered: false,
  checks: [],
});

/** Probes whose answers the test gives, one by one. */
function scene(...specs: readonly ProbeSpec[]) {
  const asked: { name: string; answer: (ok: boolean) => Promise<void>; signal: AbortSignal }[] = [];
  const probes = createProbes(specs, T0, (each, signal) => {
    return new Promise((resolve) => {
      const answer = async (ok: boolean): Promise<void> => {
        resolve(result(ok));
        await new Promise((done) => setImmediate(done));
      };
      asked.push({ name: each.name, answer, signal });
    });
  });
  return { probes, asked, last: () => asked.at(-1) };
}

/** Asks every 10 s and answers as told; `up` and whether it is surely failing, after each. */
async function walk(probe: ProbeSpec, answers: readonly boolean[]): Promise<string[]> {
  const { probes, last } = scene(probe);
  const states: string[] = [];
  for (const [index, ok] of answers.entries()) {
    probes.poll(T0 + index * 10_000);
    await last()?.answer(ok);
    const fact = probes.facts()[0];
    states.push(`${fact?.up ? 'up' : 'down'}${fact?.isFailing ? '!' : ''}`);
  }
  return states;
}

describe('a probe', () => {
  it('knows nothing before its first result, which counts at once', async () => {
    const { probes, last } = scene(spec());
    expect(probes.facts()[0]).toMatchObject({ up: null, isFailing: false, last: null, checkedAtMs: null });
    probes.poll(T0 + 7);
    await last()?.answer(false);
    expect(probes.facts()[0]).toMatchObject({ up: false, isFailing: false, failures: 1, checkedAtMs: T0 + 7 });
  });

  it('changes its mind after as many results in a row as it asks for', async () => {
    const [o, x] = [true, false];
    expect(await walk(spec(), [o, x, x, o, x, x, x, o, x, o, o])).toEqual([
      ...['up', 'up', 'up', 'up', 'up', 'up', 'down!', 'down!', 'down!', 'down!', 'up'],
    ]);
    // One that is down from the start is surely so after the third failure.
    expect(await walk(spec(), [x, x, x, o, o])).toEqual(['down', 'down', 'down!', 'down!', 'up']);
    expect(await walk(spec({ failures: 1, successes: 1 }), [x, o, x])).toEqual(['down!', 'up', 'down!']);
  });

  it('waits for its initial delay, then for its interval', async () => {
    const { probes, asked, last } = scene(spec({ initialDelaySeconds: 5 }));
    const countAt = (nowMs: number): number => {
      probes.poll(nowMs);
      return asked.length;
    };
    expect(countAt(T0 + 4999)).toBe(0);
    expect(countAt(T0 + 5000)).toBe(1);
    await last()?.answer(true);
    expect(countAt(T0 + 14_999)).toBe(1);
    expect(countAt(T0 + 15_000)).toBe(2);
  });

  it('never runs twice at a time, and one that hangs delays no other', async () => {
    const { probes, asked } = scene(spec({ name: 'hangs' }), spec({ name: 'quick' }));
    for (let tick = 0; tick < 5; tick++) {
      probes.poll(T0 + tick * 10_000);
      await asked.findLast(({ name }) => name === 'quick')?.answer(true);
    }
    expect(asked.filter(({ name }) => name === 'hangs')).toHaveLength(1);
    expect(asked.filter(({ name }) => name === 'quick')).toHaveLength(5);
  });

  it('goes on when the clock is set back by an hour', async () => {
    const { probes, asked, last } = scene(spec());
    probes.poll(T0);
    await last()?.answer(true);
    probes.poll(T0 - 3_600_000);
    probes.poll(T0 - 3_600_000 + 10_000);
    expect(asked).toHaveLength(2);
  });

  it('asked to settle runs at once where it has no result, and is awaited', async () => {
    const { probes, asked } = scene(spec({ name: 'late', initialDelaySeconds: 3600 }), spec({ name: 'done' }));
    probes.poll(T0);
    await asked[0]?.answer(true);
    const settled = probes.settle(T0 + 500);
    expect(asked.map(({ name }) => name)).toEqual(['done', 'late']);
    await asked[1]?.answer(true);
    await settled;
    expect(probes.facts().map(({ up }) => up)).toEqual([true, true]);
  });

  it('is broken off at the end', () => {
    const { probes, asked } = scene(spec());
    probes.poll(T0);
    probes.close();
    expect(asked[0]?.signal.aborted).toBe(true);
  });
});
