import { describe, expect, it } from 'vitest';
import { Troubles } from '../../../../src/cli/serve/troubles.ts';

describe('troubles', () => {
  it('are said once, at the start at once, later when they stay for two seconds, and again when they come back', () => {
    const troubles = new Troubles();
    expect(troubles.look(['a.log: not found'], 0)).toEqual(['a.log: not found']);
    expect(troubles.look(['a.log: not found', 'b.log: not found'], 1000)).toEqual([]);
    expect(troubles.look(['a.log: not found', 'b.log: not found'], 2900)).toEqual([]);
    expect(troubles.look(['a.log: not found', 'b.log: not found'], 3000)).toEqual(['b.log: not found']);
    expect(troubles.look(['a.log: not found'], 4000)).toEqual([]);
    expect(troubles.look(['a.log: not found', 'b.log: not found'], 5000)).toEqual([]);
    expect(troubles.look(['a.log: not found', 'b.log: not found'], 7000)).toEqual(['b.log: not found']);
  });

  it('of a moment, a rotation for one, are not said', () => {
    const troubles = new Troubles();
    troubles.look([], 0);
    expect(troubles.look(['a.log: not found'], 1000)).toEqual([]);
    expect(troubles.look([], 2000)).toEqual([]);
    expect(troubles.look(['a.log: not found'], 3000)).toEqual([]);
  });
});
