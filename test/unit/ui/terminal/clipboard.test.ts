import { describe, expect, it } from 'vitest';
import { copyByTerminal, osc52 } from '../../../../src/ui/terminal/clipboard.ts';

const decoded = (sequence: string): string =>
  Buffer.from(/^\x1b\]52;c;([A-Za-z0-9+/=]*)\x1b\\$/.exec(sequence)?.[1] ?? 'none', 'base64').toString();

describe('OSC 52', () => {
  it('carries any text as base64, ended without a bell', () => {
    for (const text of ['GET /users/7\t12', 'é漢🇩🇪', '\x07\x1b]0;owned\x1b\\', ''])
      expect(decoded(osc52(text))).toBe(text);
    expect(osc52('a\x07b')).not.toContain('\x07');
  });

  it('is cut at 8 kB, between two characters', () => {
    const text = decoded(osc52(`a${'é'.repeat(8000)}`));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192);
    expect(text).toMatch(/^aé+$/);
  });

  it('is not written while a frame is', () => {
    const written: string[] = [];
    const output = { busy: true, write: (text: string) => void written.push(text) };
    expect(copyByTerminal(output, 'x')).toBe(false);
    expect(copyByTerminal({ ...output, busy: false }, 'x')).toBe(true);
    expect(written).toHaveLength(1);
  });
});
