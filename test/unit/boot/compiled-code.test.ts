import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CompiledCode, compiledCodeFile, writeCompiledCode } from '../../../src/boot/compiled-code.ts';
import { cleanUp, temporaryFolder } from '../../support/cleanup.ts';

afterAll(cleanUp);

const CODE = new Map([
  ['main.cjs', Buffer.from('compiled')],
  ['ui "é".cjs', Buffer.from('more of it')],
  ['empty.cjs', Buffer.alloc(0)],
]);

function read(path: string): Map<string, string | undefined> {
  const code = CompiledCode.open(path);
  const all = new Map(code.names.map((name) => [name, code.get(name)?.toString()]));
  code.close();
  return all;
}

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
    expect([...read(path)]).toEqual([...CODE].map(([name, code]) => [name, code.toString()]));
    const code = CompiledCode.open(path);
    expect(code.get('toString')).toBeUndefined();
    code.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(path, '..'))).toEqual(['main']);
  });

  it('is not read from a file that others may write', () => {
    const path = join(temporaryFolder(), 'main');
    writeCompiledCode(path, CODE);
    chmodSync(path, 0o620);
    expect(read(path).size).toBe(0);
  });

  it.each([
    ['nothing', null],
    ['an empty file', ''],
    ['a text', 'no compiled code'],
    ['an index without an end', '\x10\0\0\0{"a.cjs":'],
    ['a short file', '\x01'],
    ['an index that is none', '\x04\0\0\0null'],
    ['an index of something else', '\x0b\0\0\0{"a.cjs":5}'],
    ['an index that reaches too far', '\x12\0\0\0{"a.cjs":[0,9999]}'],
  ])('is none where there is %s', (_, text) => {
    const path = join(temporaryFolder(), 'main');
    if (text !== null) writeFileSync(path, text);
    expect(read(path).size).toBe(0);
  });

  it('that is cut off is not read', () => {
    const path = join(temporaryFolder(), 'main');
    writeCompiledCode(path, CODE);
    truncateSync(path, statSync(path).size - 1);
    expect(read(path).size).toBe(0);
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
