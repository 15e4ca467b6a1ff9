import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientCell, ClientTally } from '../../../src/model/client-tally.ts';

const nobody = (): boolean => false;

function tallyOf(keys: readonly string[], capacity = 1000): ClientTally {
  const tally = new ClientTally(capacity);
  for (const key of keys) tally.add(key, key.length, nobody);
  return tally;
}

const cellsOf = (tally: ClientTally): Record<string, ClientCell> => {
  const cells: Record<string, ClientCell> = {};
  tally.forEach((cell, key) => {
    cells[key] = { ...cell };
  });
  return cells;
};

describe('a tally of clients', () => {
  it('counts requests and bytes; a size that the log does not tell adds nothing', () => {
    const tally = new ClientTally(10);
    tally.add('a', 100, nobody);
    tally.add('a', Number.NaN, nobody);
    tally.add('b', 3e10, nobody);
    expect(cellsOf(tally)).toEqual({ a: { count: 2, bytes: 100 }, b: { count: 1, bytes: 3e10 } });
    expect(tally.get('b')).toEqual({ count: 1, bytes: 3e10 });
    expect(tally.get('c')).toBeUndefined();
  });

  it('turns newcomers away when full, but for the ones that matter, and still knows how many there were', () => {
    const tally = new ClientTally(2);
    for (const key of ['a', 'b', 'c', 'heavy', 'a']) tally.add(key, 1, (each) => each === 'heavy');
    expect(cellsOf(tally)).toEqual({
      a: { count: 2, bytes: 2 },
      b: { count: 1, bytes: 1 },
      heavy: { count: 1, bytes: 1 },
    });
    expect(tally.hasOverflowed).toBe(true);
    expect(tally.distinct).toBe(4);
  });

  it('merges without touching the other, and keeps the most frequent', () => {
    const [a, b] = [tallyOf(['x', 'x', 'y'], 2), tallyOf(['y', 'y', 'z'], 2)];
    a.merge(b);
    a.settle();
    expect(cellsOf(a)).toEqual({ y: { count: 3, bytes: 3 }, x: { count: 2, bytes: 2 } });
    expect(cellsOf(b)).toEqual({ y: { count: 2, bytes: 2 }, z: { count: 1, bytes: 1 } });
    expect(a.distinct).toBe(3);
  });

  it('is after any steps what a plain map is, packed at any time', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 40 }).map(String), { maxLength: 60 });
    const step = fc.oneof(
      fc.record({ does: fc.constant('add' as const), keys }),
      fc.record({ does: fc.constant('merge' as const), keys }),
      fc.record({ does: fc.constant('take out' as const), keys: fc.constant([]) }),
      fc.record({ does: fc.constant('pack' as const), keys: fc.constant([]) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const tally = new ClientTally(1000);
        const plain = new Map<string, ClientCell>();
        const merged: (readonly string[])[] = [];
        const count = (key: string, by: 1 | -1): void => {
          const { count, bytes } = plain.get(key) ?? { count: 0, bytes: 0 };
          plain.set(key, { count: count + by, bytes: bytes + by * key.length });
          if (count + by === 0) plain.delete(key);
        };
        for (const { does, keys } of steps) {
          if (does === 'pack') tally.pack();
          else if (does === 'take out') {
            const out = merged.pop() ?? [];
            tally.subtract(tallyOf(out));
            for (const key of out) count(key, -1);
          } else {
            for (const key of keys) count(key, 1);
            if (does === 'add') for (const key of keys) tally.add(key, key.length, nobody);
            else {
              const other = tallyOf(keys);
              other.pack();
              tally.merge(other);
              merged.push(keys);
            }
          }
          expect(cellsOf(tally)).toEqual(Object.fromEntries(plain));
          expect(tally.size).toBe(plain.size);
          expect(tally.distinct).toBe(plain.size);
        }
      }),
    );
  });
});
