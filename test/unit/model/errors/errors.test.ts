import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Errors } from '../../../../src/model/errors/index.ts';
import type { EventDraft } from '../../../../src/model/events.ts';
import type { AppEntry, ErrorEntry } from '../../../../src/model/facts.ts';
import { createRouter } from '../../../../src/model/routes.ts';
import { ErrorLogParser } from '../../../../src/sources/error-log/index.ts';

const T0 = Date.UTC(2026, 10, 21, 12);

const traceback = (line = 7, type = 'ValueError: boom', file = '/srv/shop/views.py') =>
  ['Traceback (most recent call last):', `  File "${file}", line ${line}, in report`, '    x', type].join('\n');

const error = (message: string, rest: Partial<ErrorEntry> = {}): ErrorEntry => ({
  atMs: T0,
  pid: 7,
  level: 'error',
  message,
  event: null,
  traceback: traceback(),
  ...rest,
});

const app = (rest: Partial<AppEntry> = {}): AppEntry => ({
  atMs: T0,
  level: 'error',
  logger: 'shop',
  message: 'failed',
  fields: null,
  traceback: traceback(),
  ...rest,
});

function fresh() {
  const events: EventDraft[] = [];
  const errors = new Errors({ route: createRouter(), onEvent: (draft) => events.push(draft) });
  return { errors, events };
}

/** A whole error log. */
function read(text: string | Buffer) {
  const all = fresh();
  const parser = new ErrorLogParser({ onEntry: (entry) => all.errors.addError(entry, Number.NaN) });
  const bytes = Buffer.from(text);
  parser.push(bytes, 0, bytes.length);
  parser.settle(0, true);
  return all;
}

describe('a group', () => {
  it('has count, first and last time, the newest message, the routes and a traceback', () => {
    const { errors } = fresh();
    errors.addError(error('Error handling request GET /reports/1?x=1'), T0);
    errors.addError(error('Error handling request GET /reports/2', { atMs: T0 - 5000 }), T0);
    errors.addError(
      error('Exception on /cart [POST]', { atMs: T0 + 9000, traceback: traceback(7, 'ValueError: 2') }),
      T0,
    );
    expect(errors.rows()).toEqual([
      {
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        type: 'ValueError',
        message: '2',
        frame: 'shop/views.py:7 in report',
        count: 3,
        firstAt: '2026-11-21T11:59:55.000Z',
        lastAt: '2026-11-21T12:00:09.000Z',
        paths: ['/reports/{id}', '/cart'],
        sample: traceback(7, 'ValueError: 2'),
      },
    ]);
  });

  it('has the same fingerprint in every run, and another one for another place or type', () => {
    const of = (text: string) => {
      const { errors } = fresh();
      errors.addError(error('x', { traceback: text }), T0);
      return errors.rows()[0]?.fingerprint;
    };
    expect(of(traceback())).toBe('f6e82153300e36ed');
    expect(of(traceback(7, 'ValueError: other'))).toBe(of(traceback()));
    expect(new Set([of(traceback()), of(traceback(8)), of(traceback(7, 'KeyError: 1'))]).size).toBe(3);
  });

  it('counts an exception once that the application logs and raises again, and what only one log has', () => {
    const { errors } = fresh();
    for (let i = 0; i < 3; i++) errors.addError(error('Error handling request GET /'), T0);
    for (let i = 0; i < 5; i++) errors.addApp(app(), T0);
    expect(errors.rows()[0]?.count).toBe(5);
    expect(errors.totals()).toEqual({ count: 5, groups: 1, groupsNotShown: 0 });
  });

  it('goes without times where the log has none, until something tells the time', () => {
    const { errors, events } = fresh();
    errors.addError(error('x', { atMs: Number.NaN }), Number.NaN);
    expect(errors.rows()[0]).toMatchObject({ count: 1, firstAt: null, lastAt: null });
    expect(events).toEqual([]);
    errors.addError(error('x', { atMs: Number.NaN }), T0);
    expect(errors.rows()[0]).toMatchObject({ count: 2, firstAt: '2026-11-21T12:00:00.000Z' });
  });

  it('keeps the end of a message and of a traceback within bounds', () => {
    const long = traceback(7, `ValueError: ${'m'.repeat(3000)}`);
    const deep = long.replace('    x', `${'    deeper and deeper\n'.repeat(2000)}    x`);
    const { errors } = fresh();
    errors.addError(error('x', { traceback: deep }), T0);
    const [row] = errors.rows();
    expect(row?.message).toHaveLength(500);
    expect(row?.frame).toBe('shop/views.py:7 in report');
    expect(row?.sample.length).toBeLessThan(4010);
    expect(row?.sample.endsWith('mmm')).toBe(true);
  });

  it('names the route by what a JSON line’s fields say', () => {
    const { errors } = fresh();
    errors.addApp(app({ fields: { path: '/orders/7?x=1', method: 'POST' } }), T0);
    expect(errors.rows()[0]?.paths).toEqual(['/orders/{id}']);
  });
});

describe('a log', () => {
  it('of Django: the request stands before the traceback', () => {
    const { errors } = read(
      [
        '[2026-11-21 02:04:13 +0000] [7] [INFO] Booting worker with pid: 7',
        'Internal Server Error: /orders/7/',
        'Traceback (most recent call last):',
        '  File "/usr/lib/python3/dist-packages/django/core/handlers/exception.py", line 55, in inner',
        '    response = get_response(request)',
        '               ^^^^^^^^^^^^^^^^^^^^^',
        '  File "/srv/shop/orders/views.py", line 31, in show',
        '    order = Order.objects.get(pk=pk)',
        '  File "/usr/lib/python3/dist-packages/django/db/models/query.py", line 637, in get',
        '    raise self.model.DoesNotExist(',
        'orders.models.Order.DoesNotExist: Order matching query does not exist.',
        'Not Found: /favicon.ico',
        '',
      ].join('\n'),
    );
    expect(errors.rows()).toMatchObject([
      {
        type: 'orders.models.Order.DoesNotExist',
        frame: 'orders/views.py:31 in show',
        paths: ['/orders/{id}/'],
        count: 1,
      },
    ]);
  });

  it.each(['20.1.0/sync', '20.1.0/gthread', '20.1.0/gevent', '26.2.0/sync', '26.2.0/gthread'])(
    'of a real run with Flask: %s',
    (run) => {
      const { errors } = read(readFileSync(`test/fixtures/gunicorn/${run}/error-default.log`));
      const rows = errors.rows().map(({ type, message, frame, paths }) => [type, message, frame, ...paths]);
      expect(rows.sort()).toEqual([
        ['RuntimeError', 'generator boom before body', 'app/app.py:79 in g', '/gen-error'],
        ['RuntimeError', 'generator boom mid body', 'app/app.py:87 in g'],
        ['RuntimeError', 'raw boom', 'app/app.py:71 in app', '/raw-error'],
        ['RuntimeError', 'raw slow boom', 'app/app.py:74 in app', '/raw-sleep-error'],
        ['ValueError', 'boom from /error', 'app/app.py:18 in error', '/error'],
      ]);
      expect(errors.totals().count).toBe(5);
    },
  );

  it('of workers that write into each other’s tracebacks', () => {
    const head = '[2026-11-21 02:04:13 +0000] [8] [INFO] Booting worker with pid: 8';
    const lines = traceback().split('\n');
    for (let cut = 1; cut < lines.length; cut++) {
      const { errors } = read([head, ...lines.slice(0, cut), head, ...lines.slice(cut), head, ''].join('\n'));
      expect(errors.rows(), `after ${cut}`).toMatchObject([
        { type: 'ValueError', frame: 'shop/views.py:7 in report', count: 1 },
      ]);
    }
  });

  it.each([
    ['without dates', `INFO:gunicorn.error:Booting worker with pid: 7\nERROR:shop:failed\n${traceback()}\n`],
    ['in another locale', `21.11.2026 02:04:13 FEHLER fehlgeschlagen\n${traceback()}\n`],
    ['of JSON', `${JSON.stringify({ levelname: 'ERROR', message: 'failed', exc_info: traceback() })}\n`],
    ['that begins within a traceback', `${traceback().split('\n').slice(1).join('\n')}\n`],
    ['with garbage around it', `\x00\xff\x01\x02\x03\n${traceback()}\n\xfe\xfe\xfe\xfe\n`],
  ])('%s has its exception', (_, text) => {
    const { errors } = read(Buffer.from(text, 'latin1'));
    expect(errors.rows()).toMatchObject([{ type: 'ValueError', frame: 'shop/views.py:7 in report', count: 1 }]);
  });

  it('of garbage alone has none', () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 2_654_435_761) >>> 24));
    expect(read(bytes).errors.totals().count).toBe(0);
  });
});

describe('the first of a kind', () => {
  it('is an event, the others are not', () => {
    const { errors, events } = fresh();
    for (let i = 0; i < 3; i++) errors.addError(error('Error handling request GET /reports/7'), T0);
    expect(events).toEqual([
      {
        atMs: T0,
        kind: 'error-new',
        level: 'warning',
        text: 'new error: ValueError: boom (shop/views.py:7 in report)',
        method: 'GET',
        path: '/reports/7',
        details: traceback(),
      },
    ]);
  });

  it('is none where a worker’s end tells of it: a timeout, a failure to boot', () => {
    const { errors, events } = fresh();
    const abort = [
      traceback().split('\n').slice(0, 3).join('\n'),
      '  File "/x/site-packages/gunicorn/workers/base.py", line 198, in handle_abort',
      'SystemExit: 1',
    ].join('\n');
    errors.addError(error('Error handling request GET /slow', { traceback: abort }), T0);
    errors.addError(error('Exception in worker process', { event: { kind: 'worker-exception' } }), T0);
    expect(errors.totals().groups).toBe(2);
    expect(events).toEqual([]);
  });

  it('is told ten times a minute at most', () => {
    const { errors, events } = fresh();
    for (let i = 0; i < 500; i++) errors.addError(error('x', { traceback: traceback(i) }), T0);
    expect(events).toHaveLength(11);
    expect(events[10]?.text).toBe('more than 10 new errors within a minute');
    errors.addError(error('x', { traceback: traceback(501), atMs: T0 + 60_000 }), T0);
    expect(events).toHaveLength(12);
  });
});

describe('more kinds than can be kept', () => {
  it('are bounded, the frequent ones stay, with true counts, and how many are not shown is said', () => {
    const { errors } = fresh();
    for (let i = 0; i < 5000; i++) {
      errors.addError(error('x', { traceback: traceback(i) }), T0);
      if (i % 10 === 0) errors.addError(error('x', { traceback: traceback(9999, 'KeyError: 1') }), T0);
    }
    const rows = errors.rows();
    expect(rows).toHaveLength(50);
    expect(rows[0]).toMatchObject({ type: 'KeyError', count: 500 });
    expect(rows.slice(1).every(({ count }) => count === 1)).toBe(true);
    const { count, groups, groupsNotShown } = errors.totals();
    expect(count).toBe(5500);
    expect(groups).toBeGreaterThan(4500);
    expect(groups).toBeLessThan(5500);
    expect(groupsNotShown).toBe(groups - 50);
  });

  it('give the same rows until another exception comes', () => {
    const { errors } = fresh();
    errors.addError(error('x'), T0);
    expect(errors.rows()).toBe(errors.rows());
  });
});
