import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import realZlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Parts } from '../../../src/boot/parts.ts';
import { cleanUp, temporaryFolder } from '../../support/cleanup.ts';

let folder: string;
let cache: string;

beforeEach(() => {
  folder = temporaryFolder();
  cache = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
  vi.useFakeTimers();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await cleanUp();
});

const part = (name: string, code: string): void => writeFileSync(join(folder, name), code);
const open = (build = 'b1'): Parts => new Parts({ folder, build, thread: 'main' });

describe('the parts of the program', () => {
  it('require one another, each run once, and modules of Node', () => {
    part('a.cjs', 'exports.b = require("./b.cjs"); exports.again = require("./b.cjs"); exports.url = module.url');
    part('b.cjs', 'exports.sep = require("node:path").sep');
    const a = open().load('a.cjs') as Record<string, unknown>;
    expect(a).toEqual({ b: { sep: '/' }, again: a.b, url: `file://${folder}/a.cjs` });
    expect(a.again).toBe(a.b);
  });

  it('get modules that a start does not need as soon as they use them', () => {
    const code =
      'const zlib = require("node:zlib"); exports.pack = (text) => zlib.gunzipSync(zlib.gzipSync(text)).toString()';
    part('a.cjs', `${code}; exports.has = ["gunzipSync" in zlib, "unheardOf" in zlib]`);
    const { pack, has } = open().load('a.cjs') as { pack(text: string): string; has: boolean[] };
    expect(pack('as it was')).toBe('as it was');
    expect(has).toEqual([true, false]);
  });

  it('get all names of such a module where they are copied, as bundlers do for import()', () => {
    part('a.cjs', 'exports.zlib = { ...require("node:zlib") }; exports.names = Object.keys(require("node:zlib"))');
    const { zlib, names } = open().load('a.cjs') as { zlib: Record<string, unknown>; names: string[] };
    expect(zlib.gzip).toBe(realZlib.gzip);
    expect(names.sort()).toEqual(Object.keys(realZlib).sort());
  });

  it('are told which module Node does not have', () => {
    part('a.cjs', 'require("unheard-of")');
    expect(() => open().load('a.cjs')).toThrow('no module unheard-of in Node v');
  });

  it('export values, but what gets its value later', () => {
    part(
      'a.cjs',
      `let late; const get = (value) => ({ get: value, enumerable: true });
       module.exports = Object.defineProperties({ setUp() { late = 'there'; } }, { f: get(() => Math.max), late: get(() => late) })`,
    );
    const a = open().load('a.cjs') as { setUp(): void; f: unknown; late: unknown };
    expect(Object.getOwnPropertyDescriptor(a, 'f')).toMatchObject({ value: Math.max, enumerable: true });
    expect(a.late).toBeUndefined();
    a.setUp();
    expect(a.late).toBe('there');
  });

  it('may require one another in a circle', () => {
    part('a.cjs', 'exports.early = 1; exports.fromB = require("./b.cjs").seen');
    part('b.cjs', 'exports.seen = require("./a.cjs").early');
    expect(open().load('a.cjs')).toEqual({ early: 1, fromB: 1 });
  });

  it('are kept compiled once the start is over', () => {
    part('a.cjs', 'exports.double = (n) => 2 * n');
    open().load('a.cjs');
    expect(readdirSync(cache)).toEqual([]);
    vi.runAllTimers();
    expect(readdirSync(join(cache, 'gtop'))).toEqual([`main-b1-${process.version}-${process.arch}`]);
    const { double } = open().load('a.cjs') as { double(n: number): number };
    expect(double(21)).toBe(42);
  });

  it('of another build are compiled anew', () => {
    part('a.cjs', 'exports.answer = 41');
    open().load('a.cjs');
    vi.runAllTimers();
    part('a.cjs', 'exports.answer = 42');
    expect(open('b2').load('a.cjs')).toEqual({ answer: 42 });
    vi.runAllTimers();
    expect(readdirSync(join(cache, 'gtop'))).toEqual([`main-b2-${process.version}-${process.arch}`]);
  });

  it('run from their sources where what was kept is damaged', () => {
    part('a.cjs', 'exports.answer = 42');
    open().load('a.cjs');
    vi.runAllTimers();
    const [name = ''] = readdirSync(join(cache, 'gtop'));
    writeFileSync(join(cache, 'gtop', name), 'damaged', { mode: 0o600 });
    expect(open().load('a.cjs')).toEqual({ answer: 42 });
  });
});
