import { describe, expect, it } from 'vitest';
import { readJsonNumbers } from '../../../../src/sources/app-metrics/json-numbers.ts';
import { MOST_SERIES, readAnswer } from '../../../../src/sources/app-metrics/reading.ts';

const answer = (body: string, status = 200, isCut = false) => readAnswer('shop', { ok: true, status, body, isCut });

describe('the numbers of a JSON document', () => {
  it('have the path that leads to them as their name', () => {
    const document = { orders: 3, db: { pool: [5, { idle: 2 }], up: true, name: 'main' }, none: null, text: '7' };
    expect(readJsonNumbers(document, 100).numbers).toEqual([
      { name: 'orders', value: 3 },
      { name: 'db.pool.0', value: 5 },
      { name: 'db.pool.1.idle', value: 2 },
      { name: 'db.up', value: 1 },
    ]);
  });

  it('are bounded in count, depth and length', () => {
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`n${index}`, index]));
    expect(readJsonNumbers(wide, 10)).toMatchObject({ numbers: { length: 10 }, dropped: 90 });
    let deep: unknown = 1;
    for (let level = 0; level < 2000; level++) deep = { d: deep };
    expect(readJsonNumbers({ deep, shallow: 2 }, 10).numbers).toEqual([{ name: 'shallow', value: 2 }]);
    expect(readJsonNumbers({ ['k'.repeat(9999)]: 1 }, 10).numbers[0]?.name).toHaveLength(500);
    expect(readJsonNumbers(JSON.parse('{"big": 1e999, "__proto__": {"x": 1}}'), 10).numbers).toEqual([
      { name: 'big', value: null },
      { name: '__proto__.x', value: 1 },
    ]);
  });
});

describe('an answer of a metrics endpoint', () => {
  it('is told by looking: Prometheus text', () => {
    expect(answer('# TYPE up gauge\nup{a="b"} 1\n')).toEqual({
      form: 'prometheus',
      series: [{ source: 'shop', name: 'up', labels: { a: 'b' }, value: 1 }],
      dropped: 0,
      rejected: 0,
      error: null,
    });
    expect(answer('{"my.metric", a="b"} 3').series).toMatchObject([{ name: 'my.metric', value: 3 }]);
    expect(answer('# TYPE requests counter\n')).toMatchObject({ form: 'prometheus', series: [], error: null });
  });

  it('is told by looking: JSON', () => {
    expect(answer(' {"queue": {"depth": 4}}')).toMatchObject({
      form: 'json',
      series: [{ source: 'shop', name: 'queue.depth', labels: {}, value: 4 }],
    });
    expect(answer('[1, 2]').series.map(({ name }) => name)).toEqual(['0', '1']);
    expect(answer('["a", 2]').series.map(({ name }) => name)).toEqual(['1']);
    expect(answer(`{"a": ${'1'.repeat(300_000)}}`).error).toBe('the answer is JSON of more than 256 KiB');
  });

  it('that is something else is an error, never a guess', () => {
    const neither = 'the answer is neither Prometheus text nor JSON';
    expect(answer('<html><body>Sign in</body></html>')).toMatchObject({ form: null, series: [], error: neither });
    expect(answer('')).toMatchObject({ error: neither });
    expect(answer('# nothing to see')).toMatchObject({ error: neither });
    expect(answer('{"status": "ok"}').error).toBe('the answer holds no numbers');
    expect(answer('m 1', 500).error).toBe('answers 500');
    expect(answer('m 1', 302).error).toBe('redirects (302), which is not followed');
    expect(readAnswer('shop', { ok: false, error: 'connection refused', isUnanswered: false })).toMatchObject({
      series: [],
      error: 'connection refused',
    });
  });

  it('that is too long loses its last, broken line, and says so', () => {
    const { series, error } = answer('a 1\nb 2\nc 30', 200, true);
    expect(series.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(error).toBe('longer than 1 MiB: the rest is left out');
    expect(answer('{"a": 1, "b"', 200, true).error).toBe('the answer is neither Prometheus text nor JSON');
  });

  it('keeps a bounded number of series', () => {
    const page = Array.from({ length: 2000 }, (_, index) => `m{n="${index}"} 1`).join('\n');
    expect(answer(page)).toMatchObject({ series: { length: MOST_SERIES }, dropped: 2000 - MOST_SERIES });
  });
});
