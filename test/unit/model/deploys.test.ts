import { describe, expect, it } from 'vitest';
import { DeployWatch } from '../../../src/model/deploys.ts';
import { createRouteCell, type RouteCell, routeKey } from '../../../src/model/detail.ts';
import { T0 } from './samples.ts';

const at = (seconds: number): number => T0 + seconds * 1000;
const DEPLOY = { atMs: at(0), kind: 'reload' } as const;

/** A route with so many requests of this length, of which some fail. */
function cell(path: string, requests: number, seconds: number, errors = 0): RouteCell {
  const made = createRouteCell(routeKey('GET', path));
  made.count = requests;
  made.errors = errors;
  for (let i = 0; i < requests; i++) made.durations.add(seconds);
  return made;
}

/** What is found `seconds` after a deploy between these routes. */
function effect(before: readonly RouteCell[], after: readonly RouteCell[], seconds = 12) {
  const asked: [number, number][] = [];
  const found = new DeployWatch().look(DEPLOY, at(seconds), (from, to) => {
    asked.push([from - T0 / 1000, to - T0 / 1000]);
    return from < T0 / 1000 ? before : after;
  });
  return { found, asked };
}

describe('a deploy', () => {
  it('is judged by the minute before it and the seconds after it, the first two left out', () => {
    expect(effect([], []).asked).toEqual([
      [-60, 0],
      [2, 12],
    ]);
    expect(effect([], [], 300).asked[1]).toEqual([240, 300]);
    expect(effect([], [], 2).asked).toEqual([]);
    expect(effect([], [], 700).asked).toEqual([]);
  });

  it('made a route slower when its median is clearly longer; the one that takes most time is named', () => {
    const before = [cell('/a', 100, 0.02), cell('/b', 100, 0.02), cell('/c', 100, 0.02)];
    const after = [cell('/a', 20, 0.25), cell('/b', 40, 0.25), cell('/c', 90, 0.024)];
    expect(effect(before, after).found).toMatchObject({
      deploy: DEPLOY,
      slower: { method: 'GET', path: '/b', before: { requests: 100 }, after: { requests: 40 } },
      failing: null,
    });
  });

  it('made a route a little slower when all its requests take longer by a fifth: worth knowing, no more', () => {
    const slightly = (after: readonly RouteCell[]) => effect([cell('/a', 100, 0.02)], after).found;
    expect(slightly([cell('/a', 60, 0.026)])).toMatchObject({ slower: null, slightlySlower: { path: '/a' } });
    expect(slightly([cell('/a', 40, 0.026)])).toBeNull();
    expect(slightly([cell('/a', 60, 0.023)])).toBeNull();
    const some = cell('/a', 60, 0.026);
    some.count += 30;
    for (let i = 0; i < 30; i++) some.durations.add(0.02);
    expect(slightly([some])).toBeNull();
  });

  it('made nothing slower by a few slow requests, by a new route, or by a millisecond', () => {
    expect(effect([cell('/a', 100, 0.02)], [cell('/a', 9, 0.5)]).found).toBeNull();
    expect(effect([cell('/a', 9, 0.02)], [cell('/a', 90, 0.5)]).found).toBeNull();
    expect(effect([], [cell('/new', 90, 0.5)]).found).toBeNull();
    expect(effect([cell('/a', 100, 0.001)], [cell('/a', 90, 0.004)]).found).toBeNull();
  });

  it('broke a route that fails now and did not before', () => {
    const before = [cell('/a', 100, 0.02), cell('/b', 100, 0.02, 40)];
    expect(effect(before, [cell('/a', 20, 0.02, 3), cell('/b', 20, 0.02, 9)]).found).toMatchObject({
      failing: { path: '/a', before: { serverErrors: 0 }, after: { serverErrors: 3, requests: 20 } },
    });
    expect(effect(before, [cell('/a', 20, 0.02, 2)]).found).toBeNull();
    expect(effect(before, [cell('/a', 200, 0.02, 5)]).found).toBeNull();
  });

  it('is compared every other second, and anew when there is another one', () => {
    const watch = new DeployWatch();
    let asked = 0;
    const routes = () => {
      asked++;
      return [];
    };
    watch.look(null, at(1), routes);
    for (let second = 0; second <= 10; second++) watch.look(DEPLOY, at(second), routes);
    expect(asked).toBe(1 + 4);
    watch.look({ ...DEPLOY, atMs: at(7) }, at(10), routes);
    expect(asked).toBe(1 + 4 + 2);
  });
});
