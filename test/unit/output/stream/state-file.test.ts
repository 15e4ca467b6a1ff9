import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readStateFile, writeStateFile } from '../../../../src/output/stream/index.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'gtop-state-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

it('what was written last is read again; nothing else is left in the folder', () => {
  const path = join(folder(), 'state');
  writeStateFile(path, [{ path: '/a' }]);
  writeStateFile(path, [{ path: '/b' }]);
  expect(readStateFile(path)).toEqual([{ path: '/b' }]);
  expect(readdirSync(join(path, '..'))).toEqual(['state']);
});

it('only its owner may read it: it holds bytes of the logs', () => {
  const path = join(folder(), 'state');
  writeStateFile(path, []);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('there is none at first', () => {
  expect(readStateFile(join(folder(), 'state'))).toBeNull();
});

it.each(['127.0.0.1 - - [21/Nov/2026:02:04:13 +0000] "GET / HTTP/1.1" 200 1\n', '', '{"a":1}', 'null', '[]'])(
  'another file is refused, not overwritten: %j',
  (content) => {
    const path = join(folder(), 'access.log');
    writeFileSync(path, content);
    expect(() => readStateFile(path)).toThrow('not a state file of gtop stream');
  },
);

it('a folder or a device is refused', () => {
  expect(() => readStateFile(folder())).toThrow('not a state file of gtop stream');
  expect(() => readStateFile('/dev/null')).toThrow('not a state file of gtop stream');
});

it('one of a newer gtop is refused', () => {
  const path = join(folder(), 'state');
  writeFileSync(path, '{"kind":"gtop stream state","version":2,"logs":[]}');
  expect(() => readStateFile(path)).toThrow('version 2 of a newer gtop');
});

it('a symbolic link is replaced, never written through', () => {
  const path = join(folder(), 'state');
  const target = join(path, '..', 'precious');
  writeFileSync(target, 'precious');
  symlinkSync(target, path);
  writeStateFile(path, []);
  expect(readFileSync(target, 'utf8')).toBe('precious');
});

it('where nothing can be written nothing is left behind', () => {
  expect(() => writeStateFile(join(folder(), 'missing', 'state'), [])).toThrow(/^there is no folder .*missing$/);
});
