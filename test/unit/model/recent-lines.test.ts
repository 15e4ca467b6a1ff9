import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../src/filter/index.ts';
import type { AccessRecord, ErrorEntry } from '../../../src/model/facts.ts';
import { MOST_LINES, RecentLines } from '../../../src/model/recent-lines.ts';
import { visibleLines } from '../../../src/ui/visible-lines.ts';
import { request } from '../filter/subjects.ts';

const access = (atMs: number, raw: string | null, status = 200): AccessRecord => ({
  ...request({ atMs, status }),
  excluded: false,
  raw,
});
const error = (atMs: number, raw: string): ErrorEntry => ({
  atMs,
  pid: 7,
  level: 'error',
  message: raw,
  event: null,
  traceback: null,
  raw,
});
const texts = (lines: RecentLines, limit = MOST_LINES) => lines.newest(limit).map(({ text }) => text);

describe('recent lines', () => {
  it('are the newest by time, in whatever order they come', () => {
    const lines = new RecentLines(null);
    for (let n = 0; n < 3500; n++) lines.addAccess(access((n * 7919) % 3500, `line ${(n * 7919) % 3500}`), Number.NaN);
    expect(texts(lines)).toEqual(Array.from({ length: 1000 }, (_, n) => `line ${2500 + n}`));
    expect(texts(lines, 2)).toEqual(['line 3498', 'line 3499']);
    expect(lines.count).toBe(1000);
  });

  it('stay in the order in which they came where their time is the same', () => {
    const lines = new RecentLines(null);
    lines.addAccess(access(2000, 'b'), Number.NaN);
    lines.addAccess(access(1000, 'a'), Number.NaN);
    lines.addEntry('error', error(2000, 'c'), Number.NaN);
    lines.addAccess(access(Number.NaN, 'd'), 3000);
    lines.addAccess(access(Number.NaN, 'no time'), Number.NaN);
    expect(texts(lines)).toEqual(['no time', 'a', 'b', 'c', 'd']);
    expect(lines.newest(1)[0]?.at).toBe('1970-01-01T00:00:03.000Z');
    expect(lines.newest(5)[0]?.at).toBeNull();
  });

  it('pass the filter', () => {
    const lines = new RecentLines(compileFilter('status>=500 or level=error'));
    lines.addAccess(access(1, 'fine'), Number.NaN);
    lines.addAccess(access(2, 'failed', 500), Number.NaN);
    lines.addEntry('error', error(3, 'error'), Number.NaN);
    lines.addEntry('app', { ...error(4, 'info'), level: 'info', fields: null }, Number.NaN);
    expect(texts(lines)).toEqual(['failed', 'error']);
  });

  it('leave out what came without its text, and cut what is long', () => {
    const lines = new RecentLines(null);
    lines.addAccess(access(1, null), Number.NaN);
    lines.addAccess(access(2, 'x'.repeat(100_000)), Number.NaN);
    expect(texts(lines)).toEqual([`${'x'.repeat(4095)}…`]);
  });

  it('are safe to draw in visible form, an entry line by line', () => {
    const line = { kind: 'error' as const, at: null, level: 'error', status: null, text: 'a\x1b]0;x\x07\nb\u202e' };
    const [shown] = visibleLines({ filter: null, reading: false, lines: [line] }).lines;
    expect(shown?.text).toBe('a\\x1b]0;x\\x07\nb\\u202e');
  });
});
