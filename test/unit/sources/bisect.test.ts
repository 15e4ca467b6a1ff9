import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { offsetSince } from '../../../src/sources/bisect.ts';

const folder = mkdtempSync(join(tmpdir(), 'gtop-bisect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const timeOf = (line: Buffer): number =>
  line[0] === 0x40 ? Number(line.toString().slice(1).split(' ')[0]) : Number.NaN;

function search(lines: readonly string[], since: number): number | null {
  const path = join(folder, 'log');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  const fd = openSync(path, 'r');
  try {
    return offsetSince(fd, statSync(path).size, since, timeOf);
  } finally {
    closeSync(fd);
  }
}

/** The same by reading every line. */
function scan(lines: readonly string[], since: number): number | null {
  let offset = 0;
  let stamped = false;
  for (const line of lines) {
    const time = timeOf(Buffer.from(line));
    if (time >= since) return stamped ? offset : 0;
    stamped ||= !Number.isNaN(time);
    offset += line.length + 1;
  }
  return stamped ? offset : null;
}

describe('offsetSince', () => {
  it('finds the first line that is young enough', () => {
    expect(search(['@1 a', '@2 b', '@2 c', '@5 d'], 2)).toBe(5);
    expect(search(['@1 a', '@2 b', '@2 c', '@5 d'], 3)).toBe(15);
  });

  it('answers with the size when all are older, with 0 when none is', () => {
    expect(search(['@1 a', '@2 b'], 9)).toBe(10);
    expect(search(['@1 a', '@2 b'], 0)).toBe(0);
  });

  it('says null when there are no time stamps to go by', () => {
    expect(search(['no', 'stamp', 'here'], 1)).toBeNull();
    expect(search([], 1)).toBeNull();
  });

  it('steps over lines longer than its reading buffer', () => {
    const lines = ['@1 a', '@2 b', '@3 c', '@4 d'].map((line) => line + 'x'.repeat(100_000));
    expect(search(['@1 a', ...lines, '@9 z'], 9)).toBe(5 + lines.join('').length + lines.length);
  });

  it('agrees with reading every line, with unstamped lines between', () => {
    const entry = fc.oneof(
      { weight: 3, arbitrary: fc.nat(3).map((step) => ({ step, text: '' })) },
      {
        weight: 1,
        arbitrary: fc
          .string({ unit: fc.constantFrom('a', ' ', 'é'), maxLength: 30 })
          .map((text) => ({ step: 0, text: `t${text}` })),
      },
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), fc.nat(80), (entries, since) => {
        let time = 0;
        const lines = entries.map(({ step, text }) => {
          time += step;
          return text === ''
            ? `@${time} line`
            : Buffer.from(text)
                .toString('latin1')
                .replace(/[^ -~]/g, '?');
        });
        expect(search(lines, since)).toBe(scan(lines, since));
      }),
      { numRuns: 500 },
    );
  });
});
