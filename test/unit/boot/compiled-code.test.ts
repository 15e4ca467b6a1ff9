import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compiledCodeFile, readCompiledCode, writeCompiledCode } from '../../../src/boot/compiled-code.ts';
import { cleanUp, temporaryFolder } from '../../support/cleanup.ts';

afterAll(cleanUp);

const CODE = new Map([['main.cjs', Buffer.from('compiled')]]);

describe('where compiled code is kept', () => {
  it('is the cache of the user, named after all that it depends on', () => {
    const name = `main-b1-${process.version}-${process.arch}`;
    expect(compiledCodeFile('main', 'b1', { HOME: '/home/u' })).toBe(`/home/u/.cache/gtop/${name}`);
    expect(compiledCodeFile('main', 'b1', { HOME: '/home/u', XDG_CACHE_HOME: '/c' })).toBe(`/c/gtop/${name}`);
  });

  it.each([[{ HOME: '/' }], [{ HOME: 'relative' }], [{ HOME: '' }]])('is nowhere without a home: %o', (env) => {
    expect(compiledCodeFile('main', 'b1', env)).toBeNull();
  });

  it('is never relative to the working directory', () => {
    expect(compiledCodeFile('main', 'b1', { HOME: '/home/u', XDG_CACHE_HOME: 'here' })).toMatch('/home/u/.cache/');
  });
});

describe('compiled code', () => {
  it('comes back as it was kept, in files of the user alone', () => {
    const path = join(temporaryFolder(), 'deep', 'main');
    writeCompiledCode(path, CODE);
    expect(Buffer.from(readCompiledCode(path).get('main.cjs') ?? [])).toEqual(CODE.get('main.cjs'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(path, '..'))).toEqual(['main']);
  });

  it('is not read from a file that others may write', () => {
    const path = join(temporaryFolder(), 'main');
    writeCompiledCode(path, CODE);
    chmodSync(path, 0o620);
    expect(readCompiledCode(path).size).toBe(0);
  });

  it.each([
    ['nothing', null],
    ['an empty file', ''],
    ['a text', 'no compiled code'],
  ])('is none where there is %s', (_, text) => {
    const path = join(temporaryFolder(), 'main');
    if (text !== null) writeFileSync(path, text);
    expect(readCompiledCode(path).size).toBe(0);
  });

  it('that cannot be kept is not', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    writeCompiledCode(join(file, 'main'), CODE);
    mkdirSync(`${file}.d/main`, { recursive: true });
    writeCompiledCode(`${file}.d/main`, CODE);
    expect(readdirSync(`${file}.d`)).toEqual(['main']);
    expect(existsSync(join(file, 'main'))).toBe(false);
  });
});
