import { describe, expect, it } from 'vitest';
import { identifiersIn } from '../../../../src/sources/entries/identifiers.ts';
import { jsonHead, PlainLines } from '../../../../src/sources/entries/index.ts';

describe('identifiers of users and requests', () => {
  it.each([
    ['request_id=7f3a order failed', { request_id: '7f3a' }],
    ['order failed [user_id=42] [trace_id=ab-1]', { user_id: '42', trace_id: 'ab-1' }],
    ['event=failed user="Ann Lee" path=/x', { user: 'Ann Lee' }],
    ['X-Request-ID=7, correlation_id=8;', { 'X-Request-ID': '7', correlation_id: '8' }],
  ])('%s', (message, fields) => {
    expect(identifiersIn(message)).toEqual(fields);
  });

  it.each(['order failed', 'superuser=7', 'a = b', 'user=', ''])('are not in: %s', (message) => {
    expect(identifiersIn(message)).toBeNull();
  });

  it('become fields of the entry, beside the pid; the message stays as it is', () => {
    const line = '[2026-11-21 02:04:13 +0000] [7] [ERROR] failed user_id=42';
    expect(new PlainLines().head(line)).toMatchObject({
      message: 'failed user_id=42',
      fields: { pid: 7, user_id: '42' },
    });
  });

  it('that a middleware puts in front in brackets are no logger’s name', () => {
    const line = '2026-11-21 02:04:13,299 INFO [f81d4fae-7dec-11d0-a765-00a0c91e6bf6] shop.views: hello';
    expect(new PlainLines().head(line)).toMatchObject({
      logger: 'shop.views',
      message: 'hello',
      fields: { request_id: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' },
    });
  });
});

describe('a traceback as objects (structlog, dict_tracebacks)', () => {
  const exception = [
    {
      exc_type: 'RuntimeError',
      exc_value: 'while handling',
      is_cause: false,
      frames: [{ filename: '/srv/shop/a.py', lineno: 12, name: 'context', line: '' }],
    },
    {
      exc_type: 'KeyError',
      exc_value: "'x'",
      is_cause: false,
      frames: [{ filename: '/srv/shop/a.py', lineno: 11, name: 'context' }],
    },
  ];

  it('reads as Python prints it, its beginning first', () => {
    const entry = jsonHead(JSON.stringify({ event: 'failed', level: 'error', exception }));
    expect(entry?.traceback).toBe(
      [
        'Traceback (most recent call last):',
        '  File "/srv/shop/a.py", line 11, in context',
        "KeyError: 'x'",
        '',
        'During handling of the above exception, another exception occurred:',
        '',
        'Traceback (most recent call last):',
        '  File "/srv/shop/a.py", line 12, in context',
        'RuntimeError: while handling',
      ].join('\n'),
    );
    expect(entry?.fields).toEqual({ exception });
  });

  it.each([[[]], [[1]], [{}], [[{ exc_type: 7 }]], [7]])('is none: %j', (other) => {
    expect(jsonHead(JSON.stringify({ message: 'x', exception: other }))?.traceback).toBeNull();
  });
});
