import { describe, expect, it } from 'vitest';
import type { RawLines } from '../../../src/model/recent-lines.ts';
import { RawLinesWatch } from '../../../src/ui/raw-lines.ts';
import { iso } from '../../support/snapshots.ts';

describe('raw lines that are looked at', () => {
  it('are masked also where that was asked for after the question', async () => {
    const answers: ((raw: RawLines) => void)[] = [];
    const shown: string[] = [];
    const watch: RawLinesWatch = new RawLinesWatch(
      { lines: () => new Promise((resolve) => answers.push(resolve)) },
      () => shown.push(watch.shown?.lines.map(({ text }) => text).join('\n') ?? ''),
      () => {},
    );
    const text = '203.0.113.7 - - [21/Nov/2026:12:00:00 +0000] "GET /a?token=x HTTP/1.1" 200 1 "-" "-"';
    watch.look({ filter: null, masked: false, isHeld: false });
    watch.look({ filter: null, masked: true, isHeld: false });
    answers[0]?.({
      filter: null,
      reading: false,
      lines: [{ kind: 'access', at: iso(1), level: null, status: 200, text }],
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(shown).toEqual([expect.stringContaining('203.0.113.0/24')]);
    expect(shown[0]).not.toContain('token=x');
  });
});
