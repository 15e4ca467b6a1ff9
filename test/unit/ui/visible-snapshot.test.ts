import { describe, expect, it } from 'vitest';
import { visibleSnapshot } from '../../../src/ui/visible-snapshot.ts';
import { aPath, busy, HOSTILE, hostile } from '../../support/snapshots.ts';

/** What a terminal would act on, or a person could not see. */
const DANGEROUS = /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** Every string, keys included, with the way to it. */
function stringsOf(value: unknown, way = ''): (readonly [string, string])[] {
  if (typeof value === 'string') return [[way, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => [
    [`${way} key`, key] as const,
    ...stringsOf(each, `${way}.${key}`),
  ]);
}

describe('a Snapshot made visible', () => {
  it('holds nothing that a terminal would act on, wherever it stood', () => {
    const before = stringsOf(hostile());
    expect(before.filter(([, text]) => DANGEROUS.test(text)).length).toBeGreaterThan(30);
    const after = stringsOf(visibleSnapshot(hostile()));
    expect(
      after.filter(([way, text]) => DANGEROUS.test(way.endsWith('details') ? text.replaceAll('\n', '') : text)),
    ).toEqual([]);
  });

  it('keeps the lines of a traceback apart', () => {
    expect(visibleSnapshot(hostile()).events[0]?.details?.split('\n')[0]).toBe('Traceback:');
  });

  it('changes nothing else: what needs no change stays the same object', () => {
    const plain = busy();
    expect(visibleSnapshot(plain)).toBe(plain);
    const paths = [aPath(), aPath({ path: HOSTILE })];
    const shown = visibleSnapshot(busy({ paths }));
    expect(shown.paths[0]).toBe(paths[0]);
    expect(shown.paths[1]).toMatchObject({ count: 726, path: expect.stringContaining('\\x1b]0;owned\\x07') });
  });
});
