import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isApplicationFile } from '../../../../src/model/errors/application-file.ts';
import { sayFrame, tracebacksIn } from '../../../../src/model/errors/traceback.ts';

/** What Python 3.11 printed, by the name of what it printed it for; without blank lines, as a log is read. */
const PRINTED = new Map(
  readFileSync('test/fixtures/tracebacks/python-3.11.txt', 'utf8')
    .split(/^# /m)
    .slice(1)
    .map((part) => {
      const [name = '', ...lines] = part.split('\n').filter((line) => line.trim() !== '');
      return [name, lines.join('\n')];
    }),
);

const short = (text: string) =>
  tracebacksIn(text).map(({ type, message, frame }) => [type, message, frame === null ? null : sayFrame(frame)]);

const only = (text: string) => {
  const found = short(text);
  expect(found).toHaveLength(1);
  return found[0];
};

describe('what Python prints', () => {
  it.each([
    ['plain', 'ValueError', 'in child 1', 'shop/samples.py:4 in bad'],
    ['context', 'RuntimeError', 'while handling', 'shop/samples.py:12 in context'],
    ['cause', 'LookupError', 'no such thing', 'shop/samples.py:15 in cause'],
    ['syntax', 'SyntaxError', 'invalid syntax', 'app/broken.py:1'],
    ['group', 'ExceptionGroup', 'many (2 sub-exceptions)', 'shop/samples.py:17 in group'],
    ['groupchain', 'OSError', 'after group', 'shop/samples.py:20 in groupchain'],
    ['chaingroup', 'ExceptionGroup', 'g (1 sub-exception)', 'shop/samples.py:23 in chaingroup'],
    ['multiline', 'ValueError', 'first', 'shop/samples.py:24 in multiline'],
    ['emptyfirst', 'ValueError', 'second', 'shop/samples.py:25 in emptyfirst'],
    ['nomsg', 'AssertionError', '', 'shop/samples.py:26 in nomsg'],
    ['recursion', 'RecursionError', 'maximum recursion depth exceeded', 'shop/samples.py:28 in r'],
    ['note', 'ValueError', 'x', 'shop/samples.py:31 in note'],
    ['localclass', 'localclass.<locals>.MyErr', 'local', 'shop/samples.py:35 in localclass'],
    ['pool', 'ValueError', 'in child 7', 'shop/samples.py:37 in pool'],
  ])('%s: one exception, its message, its place', (name, type, message, frame) => {
    expect(only(PRINTED.get(name) ?? '')).toEqual([type, message, frame]);
  });

  it('is found one after the other, each with the line before it', () => {
    const text = [
      'Exception on /a [GET]',
      PRINTED.get('plain'),
      'hello',
      'Exception on /b [GET]',
      PRINTED.get('cause'),
    ];
    const found = tracebacksIn(text.join('\n'));
    expect(found.map(({ type, context }) => [type, context])).toEqual([
      ['ValueError', 'Exception on /a [GET]'],
      ['LookupError', 'Exception on /b [GET]'],
    ]);
    expect(found.map(({ text: lines }) => lines)).toEqual([PRINTED.get('plain'), PRINTED.get('cause')]);
  });

  it('by loguru, which marks the frame that caught it', () => {
    const text = [
      'Traceback (most recent call last):',
      '> File "/srv/shop/run.py", line 3, in main',
      '    add(7)',
      '    └ <function add at 0x7f>',
      '  File "/srv/shop/cart.py", line 9, in add',
      '    raise KeyError(sku)',
      'KeyError: 7',
    ].join('\n');
    expect(only(text)).toEqual(['KeyError', '7', 'shop/cart.py:9 in add']);
  });
});

describe('a traceback that was cut', () => {
  const lines = (PRINTED.get('plain') ?? '').split('\n');

  it('off its head counts: the innermost frames are there', () => {
    for (const from of [1, 2, 3, 4]) expect(only(lines.slice(from).join('\n'))).toEqual(short(lines.join('\n'))[0]);
  });

  it('off its exception does not: nobody knows what it was', () => {
    for (let to = 1; to < lines.length; to++) expect(short(lines.slice(0, to).join('\n'))).toEqual([]);
    expect(short([...lines.slice(0, 3), 'and now for something else'].join('\n'))).toEqual([]);
  });

  it('and followed by another one leaves the other one whole', () => {
    expect(short([...lines.slice(0, 3), ...lines].join('\n'))).toEqual(short(lines.join('\n')));
  });

  it('or mixed with another line by line has an exception, but no frame that is certain', () => {
    const other = ['Traceback (most recent call last):', '  File "/srv/b.py", line 1, in b', 'KeyError: 1'];
    const mixed = [lines[0], other[0], lines[1], other[1], lines.at(-1), other[2]].join('\n');
    expect(short(mixed)).toEqual([['ValueError', 'in child 1', null]]);
  });
});

describe('the frame', () => {
  const frames = (...files: string[]) =>
    [
      'Traceback (most recent call last):',
      ...files.map((file, index) => `  File "${file}", line ${index + 1}, in f`),
      'E: x',
    ].join('\n');

  it('is the innermost of the application', () => {
    const files = ['/srv/shop/app.py', '/srv/shop/views.py', '/usr/lib/python3.11/json/decoder.py'];
    expect(only(frames(...files))[2]).toBe('shop/views.py:2 in f');
  });

  it('is the innermost of all where none is the application’s, and null without any', () => {
    expect(only(frames('/usr/lib/python3.11/a.py', '/x/site-packages/flask/app.py'))[2]).toBe('flask/app.py:2 in f');
    expect(only(frames())[2]).toBeNull();
  });

  it('names the same file of another release', () => {
    expect(only(frames('/srv/releases/41/shop/views.py'))[2]).toBe(only(frames('/srv/releases/42/shop/views.py'))[2]);
  });

  it.each([
    '/srv/app/venv/lib/python3.11/site-packages/gunicorn/workers/sync.py',
    '/usr/lib/python3/dist-packages/gunicorn/workers/sync.py',
    '/usr/local/lib/python3.13t/threading.py',
    '/usr/lib64/python3.9/socket.py',
    '/opt/pypy/lib/pypy3.10/os.py',
    '/srv/app/venv/gunicorn/workers/sync.py',
    '/srv/gunicorn/arbiter.py',
    '/usr/local/bin/gunicorn',
    '<frozen importlib._bootstrap>',
    '<string>',
  ])('is not of the application: %s', (file) => {
    expect(isApplicationFile(file)).toBe(false);
  });

  it.each([
    '/srv/gunicorn/app/views.py',
    '/srv/python3/app.py',
    'app.py',
    '/home/lib/views.py',
    '/srv/shop/templates/cart.html',
  ])('is of the application: %s', (file) => {
    expect(isApplicationFile(file)).toBe(true);
  });
});

describe('text that is no traceback', () => {
  it.each([
    'Fatal Python error: Segmentation fault\nCurrent thread 0x7f (most recent call first):\n  File "/srv/a.py", line 3 in f',
    'Stack (most recent call last):\n  File "/srv/a.py", line 3, in f\n    log.info("x", stack_info=True)',
    'see File "x.py", line 3, in f',
    'Traceback (most recent call last):',
    '',
  ])('has no exception: %s', (text) => {
    expect(short(text)).toEqual([]);
  });

  it('of any kind costs no exception of ours, and no line counts twice', () => {
    const line = fc.constantFrom(
      'Traceback (most recent call last):',
      '  + Exception Group Traceback (most recent call last):',
      '  |   File "/a.py", line 1, in f',
      '  | E: x',
      '  File "/a.py", line 1, in f',
      '    x()',
      'ValueError: x',
      'ValueError:',
      'During handling of the above exception, another exception occurred:',
      'x.RemoteTraceback:',
      '"""',
      'text',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const found = tracebacksIn(lines.join('\n'));
        const exceptions = lines.filter((one) => /E: x|ValueError/.test(one)).length;
        expect(found.length).toBeLessThanOrEqual(exceptions);
        for (const { text } of found) expect(lines.join('\n')).toContain(text);
      }),
    );
  });
});
