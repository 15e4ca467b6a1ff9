import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { keysSchema } from '../../../src/cli/key-bindings.ts';
import { checkSection } from '../../../src/cli/sections.ts';

const check = (value: unknown): Promise<unknown> =>
  checkSection({ key: 'keys', schema: keysSchema }, value, 'config.yaml').catch((error: Error) => error.message);

describe('the section keys', () => {
  it('takes lists of keys, one key alone, and digits that YAML takes for numbers', () => {
    const own = { filter: ['f', 'Ctrl-F'], zoom: 'F1', help: ['?'], theme: [] };
    expect(v.parse(keysSchema, own)).toEqual({ ...own, zoom: ['F1'] });
    expect(v.safeParse(keysSchema, { zoom: 7 }).success).toBe(false);
  });

  it.each([
    [{ fliter: ['f'] }, "config.yaml: keys.fliter: is no command, did you mean 'filter'?"],
    [{ zzzzzzzzzz: ['f'] }, 'config.yaml: keys.zzzzzzzzzz: is no command'],
    [{ zoom: ['e'] }, 'config.yaml: keys.zoom: e is the key of export already'],
    [{ zoom: { key: 'e' } }, 'config.yaml: keys.zoom: must be a list of keys like [f, Ctrl-F, F1]'],
    [['zoom'], 'config.yaml: keys: must be lines of the form command: [keys]'],
  ])('refuses %j', async (value, complaint) => expect(await check(value)).toBe(complaint));
});
