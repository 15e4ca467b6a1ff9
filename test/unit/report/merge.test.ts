import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../src/model/facts.ts';
import { Accumulator } from '../../../src/report/accumulator.ts';
import { Durations } from '../../../src/report/durations.ts';
import { transferable } from '../../../src/report/transferable.ts';
import { finished, OPTIONS, record } from './records.ts';

const DAY = Date.UTC(2026, 10, 21);

const records = fc.array(
  fc.record({
    atMs: fc.oneof(
      fc.constant(Number.NaN),
      fc.integer({ min: 0, max: 200_000 }).map((second) => DAY + second * 1000),
    ),
    path: fc.constantFrom('/', '/users/1', '/users/2', '/slow', '/gone', null),
    method: fc.constantFrom('GET', 'POST', null),
    status: fc.constantFrom(200, 304, 404, 500, Number.NaN),
    bytes: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 5000 })),
    seconds: fc.oneof(
      fc.constant(Number.NaN),
      fc.integer({ min: 0, max: 5_000_000 }).map((us) => us / 1e6),
    ),
    address: fc.constantFrom('10.0.0.1', '10.0.0.2', '::1'),
    userAgent: fc.constantFrom('curl/8.5.0', 'Mozilla/5.0 (X11; Linux) Firefox/130.0', null),
    referrer: fc.constantFrom(null, 'https://example.com/'),
    worker: fc.constantFrom(0, 7, 8),
    excluded: fc.boolean(),
  }),
  { maxLength: 300 },
);

function gathered(all: readonly Partial<AccessRecord>[]): Accumulator {
  const figures = new Accumulator(OPTIONS);
  for (const fields of all) figures.add(record(fields));
  return figures;
}

/** As it comes out of another thread. */
function sent(figures: Accumulator): ReturnType<Accumulator['pack']> {
  const packed = figures.pack();
  return structuredClone(packed, { transfer: transferable(packed) });
}

describe('figures of two parts', () => {
  it('are those of the whole', () => {
    fc.assert(
      fc.property(records, fc.nat(), (all, cut) => {
        const middle = all.length === 0 ? 0 : cut % all.length;
        const first = gathered(all.slice(0, middle));
        first.merge(sent(gathered(all.slice(middle))));
        const [whole, parts] = [finished(gathered(all)), finished(first)];
        // Of equally slow requests either may be on the list.
        const seconds = ({ slow }: typeof whole) => slow.map((row) => row.seconds);
        expect(seconds(parts)).toEqual(seconds(whole));
        expect({ ...parts, slow: [] }).toEqual({ ...whole, slow: [] });
      }),
    );
  });

  it('keep the number of what was let go', () => {
    const many = (from: number) =>
      gathered(
        Array.from({ length: 20_000 }, (_, index) => ({
          address: `10.1.${from + index}`,
          path: `/p/x${from + index}`,
        })),
      );
    const first = many(0);
    first.merge(sent(many(10_000)));
    const { clients } = finished(first);
    expect(Math.abs(clients.distinct.addresses - 30_000)).toBeLessThan(2500);
    expect(clients.exact).toBe(false);
  });
});

describe('durations of two parts', () => {
  it.each([
    [0, 1],
    [1, 0],
    [1, 1],
    [5, 20],
    [20, 20],
    [40, 1],
    [1, 40],
  ])('of %d and %d samples are those of all', (a, b) => {
    const sample = (index: number): number => (index * 37) / 1e4;
    const [first, second, all] = [new Durations(), new Durations(), new Durations()];
    for (let index = 0; index < a; index++) first.add(sample(index));
    for (let index = a; index < a + b; index++) second.add(sample(index));
    for (let index = 0; index < a + b; index++) all.add(sample(index));
    first.merge(Durations.unpack(structuredClone(second.pack())));
    const buckets = (durations: Durations) => {
      const found: [number, number][] = [];
      durations.forEach((bucket, count) => {
        for (let each = 0; each < count; each++) found.push([bucket, 1]);
      });
      return found.sort(([x], [y]) => x - y);
    };
    expect(buckets(first)).toEqual(buckets(all));
    expect([first.count, first.sumMicroseconds, first.min, first.max]).toEqual([
      all.count,
      all.sumMicroseconds,
      all.min,
      all.max,
    ]);
  });
});
