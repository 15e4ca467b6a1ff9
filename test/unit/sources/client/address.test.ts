import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src/sources/client/address.ts';
import { shownUrl } from '../../../../src/sources/client/shown-url.ts';
import { sayTrouble } from '../../../../src/sources/client/trouble.ts';

describe('an address', () => {
  it.each([
    ['127.0.0.1:5432', { host: '127.0.0.1', port: 5432 }],
    ['[::1]:6379', { host: '::1', port: 6379 }],
    ['db.internal:5432', { host: 'db.internal', port: 5432 }],
    ['unix:/run/redis.sock', { path: '/run/redis.sock' }],
    ['unix:///run/redis.sock', { path: '/run/redis.sock' }],
    ['5432', null],
    ['db', null],
    ['db:0', null],
    ['db:65536', null],
    ['[db]:5432', null],
    ['http://db:5432', null],
    ['a b:1', null],
    ['unix:relative', null],
    ['', null],
  ])('%s', (text, address) => expect(parseAddress(text)).toEqual(address));
});

it('a URL is shown without its query, which may hold a token', () => {
  expect(shownUrl({ url: 'https://shop.example.org/health?token=secret#x', socket: null })).toBe(
    'https://shop.example.org/health',
  );
});

it('trouble is said in words, or by its code, and never in the words of the other side', () => {
  expect(sayTrouble(Object.assign(new Error('x'), { code: 'EACCES' }))).toBe('permission denied');
  expect(sayTrouble(new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]))).toBe(
    'connection refused',
  );
  expect(sayTrouble(Object.assign(new Error('x'), { code: 'EXYZ' }))).toBe('the connection failed (EXYZ)');
  expect(sayTrouble(new Error('secret'))).toBe('the connection failed');
});
