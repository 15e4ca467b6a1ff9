import { describe, expect, it } from 'vitest';
import type { AppEntry } from '../../../src/model/facts.ts';
import { MOST_ENTRIES, RecentEntries } from '../../../src/model/recent-entries.ts';

const entry = (rest: Partial<AppEntry> = {}): AppEntry => ({
  atMs: 0,
  level: 'info',
  logger: null,
  message: 'hello',
  fields: null,
  traceback: null,
  ...rest,
});

describe('the newest entries', () => {
  it('are the last thousand, the oldest of them first', () => {
    const recent = new RecentEntries<AppEntry>();
    for (let atMs = 0; atMs < MOST_ENTRIES + 5; atMs++) recent.add(entry({ atMs }));
    expect(recent.list()).toHaveLength(MOST_ENTRIES);
    expect([recent.list()[0]?.atMs, recent.list().at(-1)?.atMs]).toEqual([5, MOST_ENTRIES + 4]);
  });

  it('keep what can be compared: ids, numbers, flags; bounded', () => {
    const recent = new RecentEntries<AppEntry>();
    const fields = { request_id: 'r-1', user: 7, ok: true, nested: { a: 1 }, traceback: 'x', long: 'y'.repeat(5000) };
    recent.add(entry({ message: 'm'.repeat(5000), traceback: 't'.repeat(50_000), fields, raw: 'raw' }));
    const [kept] = recent.list();
    expect(kept?.fields).toEqual({ request_id: 'r-1', user: 7, ok: true, long: `${'y'.repeat(199)}…` });
    expect([kept?.message?.length, kept?.traceback?.length, kept?.raw]).toEqual([1000, 4000, undefined]);
  });
});
