import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { watchSchema } from '../../../src/cli/watch.ts';

const problem = (value: unknown): string | null => {
  const result = v.safeParse(watchSchema, value);
  return result.success ? null : (result.issues[0]?.message ?? '');
};

describe('the section watch', () => {
  it('is a list of patterns; without a log it means both', () => {
    expect(v.parse(watchSchema, [{ name: 'slow', pattern: 'duration:*ms' }])).toEqual([
      { name: 'slow', pattern: 'duration:*ms', log: null },
    ]);
  });

  it.each([
    ['no list', {}, /must be a list/],
    ['text', ['slow'], /must be an item/],
    ['no pattern', [{ name: 'x' }], /must be an item/],
    ['a name with spaces', [{ name: 'a b', pattern: 'x' }], /letters, digits and underscores/],
    ['stars alone', [{ name: 'x', pattern: '**' }], /every line/],
    ['an endless pattern', [{ name: 'x', pattern: 'y'.repeat(201) }], /at most 200 characters/],
    ['another log', [{ name: 'x', pattern: 'y', log: 'access' }], /app or error/],
    ['an unknown key', [{ name: 'x', pattern: 'y', level: 'error' }], /./],
    ['one name twice', Array.from({ length: 2 }, () => ({ name: 'x', pattern: 'y' })), /same name/],
  ])('refuses %s', (_, value, message) => {
    expect(problem(value)).toMatch(message);
  });
});
