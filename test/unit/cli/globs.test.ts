import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expandGlob } from '../../../src/cli/globs.ts';

const folder = mkdtempSync(join(tmpdir(), 'gtop-globs-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const site of ['a', 'b']) {
  mkdirSync(join(folder, site));
  for (const name of [
    'access.log',
    'access.log.1',
    'access.log.2.gz',
    'access.log-20261120',
    '.access.log',
    'error.log',
  ])
    writeFileSync(join(folder, site, name), '');
}
writeFileSync(join(folder, 'really*.log'), '');
const inFolder = (...names: string[]): string[] => names.map((name) => join(folder, name));

describe('a pattern in the name of a log', () => {
  it.each([
    ['*/access*', ['a/access.log', 'b/access.log']],
    ['a/*.log', ['a/access.log', 'a/error.log']],
    ['?/error.log', ['a/error.log', 'b/error.log']],
    ['a/(x)[y]*.log', ['a/(x)[y]*.log']],
    ['nothing/*.log', ['nothing/*.log']],
    ['really*.log', ['really*.log']],
    ['a/missing.log', ['a/missing.log']],
  ])('%s', (pattern, expected) => {
    expect(expandGlob(join(folder, pattern))).toEqual(inFolder(...expected));
  });

  it('leaves standard input alone', () => {
    expect(expandGlob('-')).toEqual(['-']);
  });
});
