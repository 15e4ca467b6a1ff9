import fc from 'fast-check';
import realStringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import fastStringWidth, { clip, eachCluster, padEnd, padStart, stringWidth } from '../../../src/text/width.ts';

const UNITS = [
  'a',
  ' ',
  '─',
  '█',
  '▲',
  '✖',
  'é',
  'e\u0301',
  '日',
  'か\u3099',
  '각',
  '😀',
  '👩‍👩‍👧',
  '🇩🇪',
  '❤️',
  '1️⃣',
  '\u1100\u1161',
  'ﾊﾞ',
  '\x1b[1m',
  '\x1b[38;5;33m',
  '\x1b]8;;x\x07',
  '\x1b[2K',
];

describe('stringWidth', () => {
  it('agrees with string-width on every text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: fc.constantFrom(...UNITS) }), fc.string({ unit: 'binary' })), (text) => {
        expect(stringWidth(text)).toBe(realStringWidth(text));
        expect(stringWidth(text, { countAnsiEscapeCodes: true })).toBe(
          realStringWidth(text, { countAnsiEscapeCodes: true }),
        );
        expect(stringWidth(text, { ambiguousIsNarrow: false })).toBe(
          realStringWidth(text, { ambiguousIsNarrow: false }),
        );
      }),
    );
  });

  it('agrees with string-width on every single character of the Basic Multilingual Plane', () => {
    const wrong: number[] = [];
    for (let code = 0; code < 0x10000; code++) {
      const character = String.fromCharCode(code);
      if (stringWidth(character) !== realStringWidth(character)) wrong.push(code);
    }
    expect(wrong).toEqual([]);
  });

  it('is the default export too, as a drop-in must be', () => {
    expect(fastStringWidth).toBe(stringWidth);
  });
});

/** The clusters of a text with their widths. */
function clusters(text: string, room = 100): [string, number][] {
  const found: [string, number][] = [];
  eachCluster(text, room, (cluster, width) => {
    found.push([cluster, width]);
    return true;
  });
  return found;
}

describe('eachCluster', () => {
  it('cuts text into what fills cells together', () => {
    expect(clusters('ae\u0301日👩‍👩‍👧x')).toEqual([
      ['a', 1],
      ['e\u0301', 1],
      ['日', 2],
      ['👩‍👩‍👧', 2],
      ['x', 1],
    ]);
  });

  it('leaves out what fills no cell', () => {
    expect(clusters('a\x1b\u200bb')).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('takes clusters apart that are wider than two cells', () => {
    expect(clusters('ﾊﾞ').every(([, width]) => width <= 2)).toBe(true);
    expect(clusters('\u1100\u1100\u1161').every(([, width]) => width <= 2)).toBe(true);
  });

  it('stops when told to', () => {
    const seen: string[] = [];
    eachCluster('abcdef', 6, (cluster) => seen.push(cluster) < 2);
    expect(seen).toEqual(['a', 'b']);
  });

  it('does not look at text far beyond the room', () => {
    expect(clusters('😀'.repeat(10_000), 10).length).toBeLessThan(1000);
  });
});

describe('clip', () => {
  it('returns a text that fits as it is', () => {
    expect(clip('日本', 4)).toBe('日本');
  });

  it('ends a text that is cut with an ellipsis', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('日本語', 5)).toBe('日本…');
    expect(clip('日本語', 4)).toBe('日…');
    expect(clip('abc', 0)).toBe('');
  });

  it('never exceeds the width, and loses at most one cell to a wide character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '日', '😀', 'e\u0301') }),
        fc.integer({ min: 1, max: 30 }),
        (text, width) => {
          const clipped = clip(text, width);
          expect(stringWidth(clipped)).toBeLessThanOrEqual(width);
          if (clipped !== text) expect(stringWidth(clipped)).toBeGreaterThanOrEqual(width - 1);
        },
      ),
    );
  });
});

describe('padStart and padEnd', () => {
  it('count cells, not characters', () => {
    expect(padStart('日本', 6)).toBe('  日本');
    expect(padEnd('日本', 6)).toBe('日本  ');
    expect(padEnd('too long', 3)).toBe('too long');
  });
});
