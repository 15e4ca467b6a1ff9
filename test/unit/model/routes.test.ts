import { describe, expect, it } from 'vitest';
import { createRouter } from '../../../src/model/routes.ts';

describe('a route', () => {
  it.each([
    ['/', '/'],
    ['/users/7', '/users/{id}'],
    ['/users/7/', '/users/{id}/'],
    ['/users/7/posts/0042', '/users/{id}/posts/{id}'],
    ['/o/123e4567-e89b-12d3-a456-426614174000', '/o/{id}'],
    ['/o/123E4567-E89B-12D3-A456-426614174000', '/o/{id}'],
    ['/commit/deadbee1', '/commit/{id}'],
    ['/commit/DEADBEE1F', '/commit/{id}'],
    ['/commit/deadbeef', '/commit/deadbeef'],
    ['/commit/dead1', '/commit/dead1'],
    ['/v2/users', '/v2/users'],
    ['/2026-11-21', '/2026-11-21'],
    ['/report.csv', '/report.csv'],
    ['/a/7.json', '/a/7.json'],
    ['*', '*'],
    ['', ''],
  ])('of %s is %s', (path, route) => {
    expect(createRouter()(path)).toBe(route);
  });

  it('is the configured one first', () => {
    const route = createRouter({ routes: ['/posts/{slug}', '/posts/new'] });
    expect(route('/posts/why-gunicorn')).toBe('/posts/{slug}');
    expect(route('/posts/')).toBe('/posts/');
    expect(route('/posts/a/b')).toBe('/posts/a/b');
    expect(route('/users/7')).toBe('/users/{id}');
  });

  it('is the path itself when routes are switched off', () => {
    expect(createRouter({ noRoutes: true })('/users/7')).toBe('/users/7');
  });

  it('stays right when more paths were seen than are remembered', () => {
    const route = createRouter();
    for (let id = 0; id < 40_000; id++) expect(route(`/users/${id}`)).toBe('/users/{id}');
    expect(route('/users/a')).toBe('/users/a');
  });
});
