import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { UNKNOWN_SETTINGS } from '../../../../src/sources/gunicorn/command-line.ts';
import { parseConfigFile, readConfigFile } from '../../../../src/sources/gunicorn/config-file.ts';

function settings(source: string) {
  const file = parseConfigFile(source);
  if (!file.ok) throw new Error(file.message);
  return file.settings;
}

function computed(source: string) {
  const file = parseConfigFile(source);
  if (!file.ok) throw new Error(file.message);
  return file.computed.map(({ name, line }) => `${name}:${line}`);
}

describe('a gunicorn.conf.py', () => {
  it('tells its literal assignments', () => {
    const source = `"""Settings of the shop."""
import multiprocessing  # not run

bind = ["127.0.0.1:8000", 'unix:/run/shop.sock']
workers: int = 4; threads = 8
worker_class = 'gthread'
timeout = 90
accesslog = "-"
errorlog = '/var/log/shop/error.log'  # not "a = 'b'"
pidfile = r'/run/shop.pid'
access_log_format = (
    '%(h)s "%(r)s" %(s)s'   # the request
    ' %(D)s'
    " <%(p)s>\\t"
)
preload_app = True
`;
    expect(settings(source)).toEqual({
      ...UNKNOWN_SETTINGS,
      bind: ['127.0.0.1:8000', 'unix:/run/shop.sock'],
      workers: 4,
      threads: 8,
      workerClass: 'gthread',
      timeoutSeconds: 90,
      accessLog: '-',
      errorLog: '/var/log/shop/error.log',
      pidFile: '/run/shop.pid',
      accessLogFormat: '%(h)s "%(r)s" %(s)s %(D)s <%(p)s>',
    });
    expect(computed(source)).toEqual([]);
  });

  it.each([
    ["bind = 'a:1, b:2'", { bind: ['a:1', 'b:2'] }],
    ["bind = 'a:1', 'b:2'", { bind: ['a:1', 'b:2'] }],
    ["bind = ('a:1', 'b:2',)", { bind: ['a:1', 'b:2'] }],
    ["bind = ('a:1')", { bind: ['a:1'] }],
    ['bind = [\n  "a:1",  # one\n  "b:" "2",\n]', { bind: ['a:1', 'b:2'] }],
    ['workers = 0x2', { workers: 2 }],
    ["workers = '3'", { workers: 3 }],
    ['threads = workers = 1_0', { threads: 10, workers: 10 }],
    ["accesslog = 'a' \\\n  'b'", { accessLog: 'ab' }],
    ["accesslog = '''a'b'''", { accessLog: "a'b" }],
    ['accesslog = "a\\"b\\x41\\u00e9\\101\\q"', { accessLog: 'a"bAéA\\q' }],
    ["accesslog = r'a\\n'", { accessLog: 'a\\n' }],
    ["accesslog = ''", { accessLog: '' }],
    ['accesslog = None', { accessLog: null }],
    ["\ufeffworkers = 2\r\ntimeout = 3\r\npidfile = 'p'\r\n", { workers: 2, timeoutSeconds: 3, pidFile: 'p' }],
    ['workers = 2\nworkers = 3', { workers: 3 }],
    ['', {}],
  ])('is read as Python reads it: %j', (source, expected) => {
    expect(settings(source)).toEqual({ ...UNKNOWN_SETTINGS, ...expected });
    expect(computed(source)).toEqual([]);
  });

  it.each([
    ['workers = multiprocessing.cpu_count() * 2 + 1', 'workers:1'],
    ["bind = '0.0.0.0:' + port", 'bind:1'],
    ["bind = f'0.0.0.0:{port}'", 'bind:1'],
    ["bind = '0.0.0.0:%s' % port", 'bind:1'],
    ["pidfile = b'/run/x'", 'pidfile:1'],
    ["accesslog = '\\N{BULLET}'", 'accesslog:1'],
    ["workers = os.environ.get('WORKERS', 4)", 'workers:1'],
    ['workers = 4.5', 'workers:1'],
    ['workers = 4,', 'workers:1'],
    ['timeout = -1', 'timeout:1'],
    ['workers = 2\nif debug:\n    workers = 1', 'workers:3'],
    ['workers = 2\nif debug: workers = 1', 'workers:2'],
    ['workers = 2\nworkers += 1', 'workers:2'],
    ['workers = 2\ndel workers', 'workers:2'],
    ['workers, host = 2, 3', 'workers:1'],
    ['x = (workers := 3)', 'workers:1'],
    ['workers = 2\ndef f():\n    global workers\n    workers = 3', 'workers:3'],
    ['def timeout():\n  pass', 'timeout:1'],
    ['workers = 2\nfrom base import *', 'workers:2'],
    ['from base import count as workers', 'workers:1'],
    ['for workers in range(3): pass', 'workers:1'],
  ])('says of what it decides when it runs that it is computed: %j', (source, expected) => {
    expect(computed(source)).toEqual([expected]);
    expect(settings(source)).toEqual(UNKNOWN_SETTINGS);
  });

  it.each([
    ['def when_ready(server, workers=9):\n    timeout = 3\n    if server:\n        threads = 2\n', {}],
    ['class X:\n    workers = 9\n\ntimeout = 3', { timeoutSeconds: 3 }],
    ["raw_env = ['workers=4']\nserver.workers = 4\nf(workers=4)", {}],
    ['"""\nworkers = 4\n"""', {}],
    ["note = '# workers = 4'\n# workers = 5\n", {}],
    ['from base import *\nworkers = 3', { workers: 3 }],
  ])('takes nothing else for a setting: %j', (source, expected) => {
    expect(settings(source)).toEqual({ ...UNKNOWN_SETTINGS, ...expected });
    expect(computed(source)).toEqual([]);
  });

  it.each([
    ["workers = 2\nbind = 'a", 'line 2: a string that is not closed'],
    ['accesslog = """a\n\n', 'line 1: a string that is not closed'],
    ['\nbind = ["a",\n\nworkers = 2', 'line 2: a bracket that is not closed'],
    ['bind = "a")', "line 1: a ')' that closes nothing"],
  ])('that Python would not take either is refused with the line: %j', (source, message) => {
    expect(parseConfigFile(source)).toEqual({ ok: false, message });
  });

  it('gives any text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        // JSON's escapes are a part of Python's.
        expect(settings(`accesslog = ${JSON.stringify(text)}`).accessLog).toBe(text.trim());
      }),
    );
  });

  it('never throws, whatever it holds', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      "'''",
      '\\',
      '(',
      ')',
      '[',
      '\n',
      ' ',
      '=',
      'workers',
      '4',
      '#',
      ',',
      ';',
      'if',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(typeof parseConfigFile(pieces.join('')).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the file of a configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gtop-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read, also with the file: that Gunicorn allows before it', () => {
    const path = join(folder, 'gunicorn.conf.py');
    writeFileSync(path, 'workers = 3\n');
    for (const name of [path, `file:${path}`]) {
      expect(readConfigFile(name)).toMatchObject({ ok: true, settings: { workers: 3 } });
    }
  });

  it('that cannot be read is named with the reason', () => {
    const broken = join(folder, 'broken.py');
    writeFileSync(broken, 'bind = "a\n');
    mkdirSync(join(folder, 'conf.d'));
    const large = join(folder, 'large.py');
    writeFileSync(large, '#'.repeat(1024 * 1024 + 1));
    const message = (path: string) => {
      const file = readConfigFile(path);
      return file.ok ? null : file.message;
    };
    expect(message(join(folder, 'none.py'))).toBe(`${folder}/none.py: not found`);
    expect(message(join(folder, 'conf.d'))).toBe(`${folder}/conf.d: a folder, not a file`);
    expect(message(broken)).toBe(`${broken}: line 1: a string that is not closed`);
    expect(message(large)).toContain('larger than 1 MiB');
    expect(message('/dev/zero')).toBe('/dev/zero: not a regular file');
    expect(message('python:shop.settings')).toContain('a Python module');
  });
});
