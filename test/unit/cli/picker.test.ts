import { describe, expect, it } from 'vitest';
import { choose, rowOf } from '../../../src/cli/picker.ts';
import type { DiscoveredMaster } from '../../../src/sources/gunicorn/index.ts';

const master = (pid: number, app: string | null, listeners: string[]) =>
  ({ pid, app, listeners }) as unknown as DiscoveredMaster;
const MASTERS = [master(700, 'shop:app', ['127.0.0.1:8000']), master(2, null, ['unix:/run/b.sock', '[::1]:9'])];

describe('the choice among several Gunicorns', () => {
  it('shows each in a line, with nothing that a terminal acts on', () => {
    expect(rowOf(MASTERS[0] as DiscoveredMaster, 1)).toBe('  1      700  shop:app  127.0.0.1:8000');
    expect(rowOf(MASTERS[1] as DiscoveredMaster, 2)).toBe('  2        2  gunicorn  unix:/run/b.sock  [::1]:9');
    expect(rowOf(master(9, 'a\u001b[31m', []), 3)).not.toContain('\u001b');
  });

  it.each([
    ['1', 0],
    [' 2 ', 1],
    ['700', 0],
    ['3', null],
    ['0', null],
    ['', null],
    ['shop', null],
    ['1.5', null],
  ])('takes %j', (answer, index) => {
    expect(choose(answer, MASTERS)).toBe(index);
  });
});
