import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AccessRecord, ErrorEntry } from '../../../../src/model/facts.ts';
import { AccessLogParser, DEFAULT_FORMAT } from '../../../../src/sources/access-log/index.ts';
import { ErrorLogParser } from '../../../../src/sources/error-log/index.ts';

/** What a stream holds: requests, entries of the error log, and what is neither. */
function read(text: string, { format = 'auto', chunkBytes = Number.POSITIVE_INFINITY } = {}) {
  const records: AccessRecord[] = [];
  const entries: ErrorEntry[] = [];
  const rejected: string[] = [];
  const errors = new ErrorLogParser({ onEntry: (entry) => entries.push(entry) });
  const parser = new AccessLogParser({
    format,
    onRecord: (record) => records.push({ ...record, target: record.target }),
    onRejected: (_, line) => rejected.push(line.toString()),
    onForeign: (line) => errors.push(line, 0, line.length),
  });
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; ) {
    const end = chunkBytes > bytes.length ? bytes.length : bytes.indexOf('\n', start + chunkBytes - 1) + 1;
    parser.push(bytes, start, end || bytes.length);
    start = end || bytes.length;
  }
  parser.settle(true);
  errors.settle(Number.NaN, true);
  return { records, entries, rejected, parser, events: entries.map(({ event }) => event?.kind ?? null) };
}

const access = (path: string, rest = '') =>
  `10.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET ${path} HTTP/1.1" 200 12 "-" "curl/8"${rest}`;
const error = (message: string, level = 'INFO') => `[2026-11-21 12:00:00 +0000] [4711] [${level}] ${message}`;
const TRACEBACK = [
  'Traceback (most recent call last):',
  '  File "/srv/shop/app.py", line 3, in application',
  '    return render(environ)',
  "KeyError: 'name'",
];

describe('an access log with an error log in it', () => {
  it.each(['20.1.0', '26.2.0'])('is told apart, line by line, on Gunicorn %s', (version) => {
    const text = readFileSync(`test/fixtures/gunicorn/${version}/streams/merged-stdout-stderr.txt`, 'utf8');
    const { records, rejected, events, parser } = read(text);
    expect(records.map(({ target }) => target)).toEqual(['/', '/a%0Ab', '/x?y=1']);
    expect(events).toEqual(
      expect.arrayContaining(['master-start', 'listening', 'worker-boot', 'signal', 'worker-exit']),
    );
    // What the application printed, a path with a newline among it.
    expect(rejected).toHaveLength(10);
    expect(rejected[0]).toBe('print from app to stdout: /');
    const lines = text.split('\n').filter((line) => line !== '');
    expect(parser.linesParsed + parser.linesRejected).toBe(lines.length);
  });

  it('keeps a traceback with its entry, whatever comes in between', () => {
    const [head, file, code, exception] = TRACEBACK;
    const { records, entries, rejected } = read(
      [
        access('/a'),
        error('Error handling request /name', 'ERROR'),
        head,
        file,
        access('/b'),
        code,
        exception,
        'a print of the application',
        access('/c'),
      ].join('\n'),
    );
    expect(records.map(({ path }) => path)).toEqual(['/a', '/b', '/c']);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ event: { kind: 'request-error' }, traceback: TRACEBACK.join('\n') });
    expect(rejected).toEqual(['a print of the application']);
  });

  it('keeps chained exceptions together', () => {
    const chain = [
      ...TRACEBACK,
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      ...TRACEBACK.slice(0, 3),
      'shop.errors.Unavailable',
    ];
    const { entries, rejected } = read([error('Error handling request /', 'ERROR'), ...chain, access('/')].join('\n'));
    expect(entries[0].traceback).toBe(chain.join('\n'));
    expect(rejected).toEqual([]);
  });

  it.each([
    ['docker compose', 'web-1  | '],
    ['kubectl --prefix', '[pod/web-7c9/app] '],
    ['kubectl --timestamps', '2026-11-21T12:00:00.123456789Z '],
    ['the container runtime', '2026-11-21T12:00:00.123456789Z stderr F '],
    ['journald', 'Nov 21 12:00:00 host gunicorn[7]: '],
  ])('takes a blank line behind the prefix of %s for one', (_, prefix) => {
    const chain = [
      ...TRACEBACK,
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      ...TRACEBACK,
    ];
    const lines = [error('Error handling request /', 'ERROR'), ...chain, access('/')];
    const { entries, records, rejected, parser } = read(lines.map((line) => prefix + line).join('\n'));
    expect(rejected).toEqual([]);
    expect(entries.map(({ traceback }) => traceback)).toEqual([chain.join('\n')]);
    expect(records).toMatchObject([{ path: '/' }]);
    expect(parser.linesParsed).toBe(lines.length - 2);
  });

  it.each([
    ['kubectl logs --prefix --timestamps', '[pod/web-7c9/app] 2026-11-21T12:00:00.123456789Z '],
    ['docker compose logs -t', 'web-1  | 2026-11-21T12:00:00.123456789Z '],
    ['docker compose logs in colour', '\u001b[36mweb-1  | \u001b[0m'],
    ['journalctl -o short-full', 'Sat 2026-11-21 12:00:00 UTC host gunicorn[7]: '],
    ['journalctl -o short-unix', '1795262400.123456 host gunicorn[7]: '],
    ['journalctl -o short-monotonic', '[12345.678901] host gunicorn[7]: '],
    ['heroku logs', '2026-11-21T12:00:00.123456+00:00 app[web.1]: '],
    ['RFC 5424 with a byte order mark', '<134>1 2026-11-21T12:00:00.1Z host gunicorn 7 - - \ufeff'],
  ])('is told apart behind the prefix of %s', (_, prefix) => {
    const lines = [
      access('/a'),
      error('Error handling request /name', 'ERROR'),
      ...TRACEBACK,
      '10.0.0.2:51696 - "GET /b HTTP/1.1" 200 OK',
      'INFO:     10.0.0.2:51696 - "GET /c HTTP/1.1" 200 OK',
    ];
    const { records, entries, rejected } = read(lines.map((line) => prefix + line).join('\n'));
    expect(rejected).toEqual([]);
    expect(records.map(({ path, address }) => [path, address])).toEqual([
      ['/a', '10.0.0.1'],
      ['/b', '10.0.0.2'],
      ['/c', '10.0.0.2'],
    ]);
    expect(entries).toMatchObject([{ event: { kind: 'request-error' }, traceback: TRACEBACK.join('\n') }]);
  });

  it.each([
    ['a whole line', `\u001b[32m${access('/a')}\u001b[0m`],
    ['a status', access('/a').replace(' 200 ', ' \u001b[1;32m200\u001b[0m ')],
    [
      'uvicorn',
      '\u001b[32mINFO\u001b[0m:     10.0.0.1:5 - "\u001b[1mGET /a HTTP/1.1\u001b[0m" \u001b[32m200 OK\u001b[0m',
    ],
    ["loguru's prefix", `2026-11-21 12:00:00.123 | INFO     | gunicorn.glogging:access:363 - ${access('/a')}`],
  ])('knows a request with colours, or behind a prefix: %s', (_, line) => {
    const { records, rejected } = read(line);
    expect(rejected).toEqual([]);
    expect(records).toMatchObject([{ path: '/a', status: 200, address: '10.0.0.1' }]);
  });

  it('leaves colours that belong to a value', () => {
    expect(read(access('/\u001b[31mred')).records).toMatchObject([{ path: '/\u001b[31mred' }]);
  });

  it('rejects what the application prints, also when it is indented or looks like an exception', () => {
    const prints = ['  indented', 'KeyError: nothing was raised', 'Listening at: home'];
    expect(read([...prints, access('/')].join('\n')).rejected).toEqual(prints);
    // Behind an entry that is complete, too.
    expect(read([error('Booting worker with pid: 4712'), ...prints.slice(1)].join('\n')).rejected).toEqual(
      prints.slice(1),
    );
  });

  it('is rejected line by line by one who has no use for it', () => {
    const reasons: string[] = [];
    const parser = new AccessLogParser({
      format: 'auto',
      onRecord: () => {},
      onRejected: (reason) => reasons.push(reason),
    });
    const bytes = Buffer.from(`${error('Booting worker with pid: 4712')}\n`);
    parser.push(bytes, 0, bytes.length);
    expect(reasons).toHaveLength(1);
  });

  it('is told apart with a verbatim format too', () => {
    const { records, entries } = read([error('Booting worker with pid: 7'), access('/', ' 5000')].join('\n'), {
      format: `${DEFAULT_FORMAT} %(D)s`,
    });
    expect(records[0]).toMatchObject({ path: '/', seconds: 0.005 });
    expect(entries[0].event).toEqual({ kind: 'worker-boot', pid: 7 });
  });
});

describe('a line that a collector wrapped', () => {
  const docker = (log: string) => JSON.stringify({ log: `${log}\n`, stream: 'stdout', time: '2026-11-21T12:00:01.5Z' });
  const journal = (message: unknown) =>
    JSON.stringify({
      __CURSOR: 's=1',
      __REALTIME_TIMESTAMP: '1795262401500000',
      _PID: '4711',
      PRIORITY: '6',
      MESSAGE: message,
    });
  const wraps: [string, (line: string) => string][] = [
    ['docker json-file', docker],
    ['journalctl -o json', journal],
    ['journalctl -o json, as bytes', (line) => journal([...Buffer.from(line)])],
    ['journalctl -o short', (line) => `Nov 21 12:00:01 web-1 gunicorn[4711]: ${line}`],
    ['journalctl -o cat', (line) => line],
    ['kubectl logs --timestamps', (line) => `2026-11-21T12:00:01.500000000Z ${line}`],
    ['kubectl logs --prefix', (line) => `[pod/web-7c9f/app] ${line}`],
    ['docker compose logs', (line) => `web-1  | ${line}`],
    ['containerd', (line) => `2026-11-21T12:00:01.500000000Z stderr F ${line}`],
    ['journalctl -o short-iso', (line) => `2026-11-21T12:00:01+0000 web-1 gunicorn[4711]: ${line}`],
    ['journalctl -o short-precise', (line) => `Nov 21 12:00:01.500000 web-1 gunicorn[4711]: ${line}`],
    ["rsyslog's own format", (line) => `2026-11-21T12:00:01.500000+00:00 web-1 gunicorn[4711]: ${line}`],
    ['RFC 3164', (line) => `<14>Nov 21 12:00:01 web-1 gunicorn[4711]: ${line}`],
    ['RFC 5424', (line) => `<14>1 2026-11-21T12:00:01.500Z web-1 gunicorn 4711 - - ${line}`],
  ];

  it.each(wraps)('is read as if it were not: %s', (_, wrap) => {
    const lines = [
      error('Booting worker with pid: 4712'),
      access('/a', ' 5000 <77>'),
      error('Error handling request /b', 'ERROR'),
      ...TRACEBACK,
      'a print',
      access('/"b\\"'.replaceAll('"', '\\"'), ' 6000 <78>'),
    ];
    for (const format of ['auto', `${DEFAULT_FORMAT} %(D)s %(p)s`]) {
      const { records, entries, rejected, parser } = read(lines.map(wrap).join('\n'), { format });
      expect(records.map(({ worker, seconds }) => [worker, seconds])).toEqual([
        [77, 0.005],
        [78, 0.006],
      ]);
      expect(entries.map(({ pid }) => pid)).toEqual([4711, 4711]);
      expect(entries[1].traceback).toBe(TRACEBACK.join('\n'));
      expect(rejected).toHaveLength(1);
      expect([parser.linesParsed, parser.linesRejected]).toEqual([8, 1]);
    }
  });

  it.each([
    ['docker json-file', docker],
    ['journalctl -o json', journal],
    ['kubectl logs --timestamps', wraps[5][1]],
  ])('takes its time from the collector when it has none: %s', (_, wrap) => {
    const { records } = read(wrap('127.0.0.1:51696 - "GET / HTTP/1.1" 200'));
    expect(records[0].atMs).toBe(Date.UTC(2026, 10, 21, 12, 0, 1, 500));
  });

  it.each([
    'INFO:gunicorn.access:',
    '2026-11-21 12:00:00,299 - gunicorn.access - INFO - ',
    '2026-11-21 12:00:00,299 INFO gunicorn.access: ',
    '2026-11-21 12:00:00 [INFO] ',
  ])('has no part of a prefix of `logging` for an address or a user: %s', (prefix) => {
    const { records } = read(prefix + access('/a', ' 5000 <77>'));
    expect(records).toMatchObject([{ address: '10.0.0.1', user: null, path: '/a', worker: 77 }]);
  });

  it('counts as nothing when it is blank, and as rejected when it is cut off', () => {
    const { parser } = read(
      [docker(''), journal(' '), docker(access('/')), docker(access('/')).slice(0, 60)].join('\n'),
    );
    expect([parser.linesParsed, parser.linesRejected]).toEqual([1, 1]);
  });

  it('is found by its time', () => {
    const { parser } = read('');
    const uvicorn = '127.0.0.1:51696 - "GET / HTTP/1.1" 200';
    expect(parser.timeOf(Buffer.from(docker(access('/'))))).toBe(Date.UTC(2026, 10, 21, 12));
    expect(parser.timeOf(Buffer.from(journal(uvicorn)))).toBe(Date.UTC(2026, 10, 21, 12, 0, 1, 500));
  });
});

describe('a log whose lines come twice', () => {
  const prefixed = (line: string) => `[2026-11-21 12:00:00 +0000] [77] [INFO] ${line}`;
  const lines = ['/a', '/a', '/b', '/c'].map((path) => access(path, ' 5000'));

  it.each([
    ['first bare', lines.flatMap((line) => [line, prefixed(line)])],
    ['first prefixed', lines.flatMap((line) => [prefixed(line), line])],
  ])('counts each once and says so: %s', (_, doubled) => {
    for (const chunkBytes of [1, 100, 200, 1000]) {
      const { records, parser } = read(doubled.join('\n'), { chunkBytes });
      expect(records.map(({ path }) => path)).toEqual(['/a', '/a', '/b', '/c']);
      expect([parser.linesParsed, parser.linesRejected]).toEqual([4, 0]);
      expect(parser.info.confidence).toContain('4 came twice');
    }
  });

  it('is not one where requests merely repeat', () => {
    const { records, parser } = read([...lines, ...lines.map(prefixed)].join('\n'));
    // The last bare line and the first prefixed one differ.
    expect(records).toHaveLength(8);
    expect(parser.info.confidence).toBe('8 of the last 8 lines fit');
  });
});

describe('how sure the format is', () => {
  const confidence = (lines: string[]) => read(lines.join('\n')).parser.info.confidence;

  it('goes by the last thousand lines, those of an error log aside', () => {
    const good = Array.from({ length: 990 }, () => access('/'));
    const prints = Array.from({ length: 20 }, () => 'a print');
    expect(confidence([])).toBeNull();
    expect(confidence([...prints, ...good, error('Booting worker with pid: 7')])).toBe(
      '990 of the last 1000 lines fit',
    );
    expect(confidence([...good, ...prints])).toBe('980 of the last 1000 lines fit');
    expect(confidence([...prints, ...good, ...good])).toBe('1000 of the last 1000 lines fit');
  });
});

describe('a format that fits no line', () => {
  const misfit = (lines: string[], format: string) => read(lines.join('\n'), { format }).parser.info.misfit;

  it('tells the first line and the column at which it stops fitting', () => {
    const lines = ['', access('/'), access('/')];
    expect(misfit(lines, `${DEFAULT_FORMAT} %(D)s`)).toMatch(/^line 2, column 72: expected a user agent /);
    expect(misfit(lines, '%(h)s %(t)s')).toMatch(/^line 2, column \d+: expected /);
  });

  it('tells nothing once a line has fitted', () => {
    expect(misfit([access('/'), access('/', ' 1')], `${DEFAULT_FORMAT} %(D)s`)).toBeNull();
    expect(misfit([access('/')], 'auto')).toBeNull();
    expect(misfit([], 'auto')).toBeNull();
  });
});
