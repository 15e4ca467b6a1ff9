import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, type FilteredRequest } from '../../../../src/filter/index.ts';
import { drawToText } from '../../../../src/ui/canvas/text-surface.ts';
import type { DetailTarget } from '../../../../src/ui/details/detail-view.ts';
import { breadcrumb, drawDetail, shownTarget, targetOf } from '../../../../src/ui/details/index.ts';
import { joinFilters, targetFilter } from '../../../../src/ui/details/target-filter.ts';
import { PANES } from '../../../../src/ui/panes/index.ts';
import { CLIENT_LISTS, type ClientList, PANE_IDS } from '../../../../src/ui/state.ts';
import { busy, HOSTILE } from '../../../support/snapshots.ts';
import { contextOf } from '../panes/draw.ts';

const aRequest = (over: Partial<FilteredRequest> = {}): FilteredRequest => ({
  atMs: 0,
  method: 'GET',
  target: '/users/7?x=1',
  path: '/users/7',
  protocol: 'HTTP/1.1',
  status: 200,
  bytes: 1,
  seconds: 0.1,
  address: '10.0.0.7',
  user: null,
  referrer: null,
  userAgent: 'curl/8.5.0',
  worker: 7,
  ...over,
});

const passes = (target: DetailTarget, request: Partial<FilteredRequest>): boolean => {
  const filter = targetFilter(target);
  if (filter === null) throw new Error('no filter');
  const route = (path: string) => path.replace(/\/\d+/, '/{id}');
  return compileFilter(filter, { route }).request(aRequest(request));
};

describe('the filter of a detail', () => {
  it('names the route of a path, or the path itself of a request that was slow', () => {
    const route: DetailTarget = { kind: 'path', method: 'GET', path: '/users/{id}', slow: null };
    expect(passes(route, {})).toBe(true);
    expect(passes(route, { method: 'POST' })).toBe(false);
    expect(passes(route, { path: '/users' })).toBe(false);
    const [slow] = busy().slow;
    const one: DetailTarget = { kind: 'path', method: 'GET', path: '/users/7', slow: slow ?? null };
    expect(passes(one, {})).toBe(true);
    expect(passes(one, { path: '/users/8' })).toBe(false);
  });

  it('finds what was not logged by what is missing', () => {
    const lost: DetailTarget = { kind: 'path', method: '-', path: null, slow: null };
    expect(passes(lost, { method: null, path: null })).toBe(true);
    expect(passes(lost, {})).toBe(false);
  });

  it('names worker, address, network, and whatever else stands where an address should', () => {
    expect(passes({ kind: 'worker', pid: 7, startedAt: null }, {})).toBe(true);
    expect(passes({ kind: 'worker', pid: 8, startedAt: null }, {})).toBe(false);
    const address = (value: string): DetailTarget => ({ kind: 'client', list: 'addresses', value });
    expect(passes(address('10.0.0.7'), {})).toBe(true);
    expect(passes(address('10.0.0.0/24'), {})).toBe(true);
    expect(passes(address('2001:db8::1'), { address: '2001:db8:0::1' })).toBe(true);
    expect(passes(address('10.0.0.7, 10.0.0.8'), { address: '10.0.0.7, 10.0.0.8' })).toBe(true);
    expect(passes(address('unix:'), { address: 'unix:' })).toBe(true);
    expect(passes(address('a.host'), { address: 'abhost' })).toBe(false);
  });

  it('is a filter for any text that a log may hold, and finds that text alone', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).filter((value) => value.trim() !== '');
    fc.assert(
      fc.property(text, (value) => {
        const agent: DetailTarget = { kind: 'client', list: 'userAgents', value };
        expect(passes(agent, { userAgent: value })).toBe(true);
        expect(passes(agent, { userAgent: `${value}x` })).toBe(false);
        expect(passes({ kind: 'path', method: 'GET', path: value, slow: null }, { path: value })).toBe(
          value === value.replace(/\/\d+/, '/{id}'),
        );
      }),
    );
  });

  it('joins the filter in force', () => {
    const joined = joinFilters('status>=500 or latency>1s', targetFilter({ kind: 'worker', pid: 7, startedAt: null }));
    expect(joined).toBe('(status>=500 or latency>1s) and (worker=7)');
    const { request } = compileFilter(joined ?? '');
    expect([
      request(aRequest()),
      request(aRequest({ status: 503 })),
      request(aRequest({ status: 503, worker: 8 })),
    ]).toEqual([...[false, true, false]]);
    expect(joinFilters(null, 'a')).toBe('a');
  });
});

describe('the row that is opened', () => {
  const TABLES = ['paths', 'workers', 'alerts', 'events', 'clients', 'slow'] as const;

  it.each(TABLES)('of %s is the one under the mark, for every row', (id) => {
    const context = contextOf(busy(), { focus: id });
    const table = PANES[id].table;
    const keys = table?.keys(context) ?? [];
    expect(keys.length).toBeGreaterThan(1);
    const targets = keys.map((key) => targetOf(id, table?.indexOf(context, key) ?? -1, busy(), 'addresses'));
    for (const target of targets) expect(target).not.toBeNull();
    expect(new Set(targets.map((target) => JSON.stringify(target))).size).toBe(keys.length);
  });

  it.each(CLIENT_LISTS)('of the clients is one of %s', (list: ClientList) => {
    const target = targetOf('clients', 0, busy(), list);
    expect(target).toEqual({ kind: 'client', list, value: busy().clients[list][0]?.value });
  });

  it('is nothing where a pane has no rows, or not that many', () => {
    for (const id of PANE_IDS) expect(targetOf(id, 9999, busy(), 'addresses')).toBeNull();
    expect(targetOf('traffic', 0, busy(), 'addresses')).toBeNull();
  });
});

describe('what is shown of it', () => {
  const hostile: DetailTarget = { kind: 'path', method: 'GET', path: HOSTILE, slow: null };

  it('is visible text, in the breadcrumb and inside', () => {
    expect(breadcrumb('paths', hostile, { masked: false })).toMatch(/^Paths › GET .*\\x1b\]0;owned/);
    const text = drawToText((surface) => drawDetail(surface, hostile, contextOf(busy()), 0), 100, 30).join('');
    expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('is masked when that is asked for', () => {
    const client: DetailTarget = { kind: 'client', list: 'addresses', value: '10.0.0.7' };
    expect(shownTarget(client, { masked: true })).toMatchObject({ value: '10.0.0.0/24' });
    expect(breadcrumb('clients', client, { masked: true })).not.toContain('10.0.0.7');
    expect(breadcrumb('clients', client, { masked: false })).toContain('10.0.0.7');
  });

  it('scrolls to its end and no further, with a mark where there is more', () => {
    const target = targetOf('paths', 0, busy(), 'addresses');
    if (target === null) throw new Error('no row');
    const draw = (scroll: number) =>
      drawToText((surface) => drawDetail(surface, target, contextOf(busy()), scroll), 90, 8);
    const [top, end] = [draw(0), draw(Number.MAX_SAFE_INTEGER)];
    expect(top[7]).toMatch(/↓$/);
    expect(top[0]).not.toMatch(/↑$/);
    expect(end[0]).toMatch(/↑$/);
    expect(end[7]).not.toMatch(/↓$/);
  });
});
