import { afterEach, describe, expect, it, vi } from 'vitest';
import { holdStandardError } from '../../../../src/ui/terminal/standard-error.ts';

afterEach(() => vi.restoreAllMocks());

describe('holdStandardError', () => {
  it('keeps what is written and hands it over at the end', () => {
    const through = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const release = holdStandardError();
    process.stderr.write('warning: ');
    process.stderr.write(Buffer.from('ünder\n'));
    expect(release()).toBe('warning: ünder\n');
    expect(through).not.toHaveBeenCalled();
    process.stderr.write('now');
    expect(through).toHaveBeenCalledWith('now');
  });

  it('tells the writer that it is done', async () => {
    const release = holdStandardError();
    await new Promise<void>((resolve) => process.stderr.write('x', () => resolve()));
    release();
  });

  it('keeps the newest of very much', () => {
    const release = holdStandardError();
    for (let i = 0; i < 10_000; i++) process.stderr.write(`line ${i}\n`);
    const held = release();
    expect(held.length).toBeLessThanOrEqual(16 * 1024);
    expect(held).toMatch(/line 9999\n$/);
  });
});
