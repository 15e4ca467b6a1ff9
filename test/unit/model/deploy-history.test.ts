import { describe, expect, it } from 'vitest';
import { DeployHistory, type Past, sayChange } from '../../../src/model/deploy-history.ts';
import type { Deploy } from '../../../src/model/deploys.ts';
import { createRouteCell, type RouteCell, routeKey } from '../../../src/model/detail.ts';
import type { DeployFigures, DeployRow } from '../../../src/model/snapshot.ts';
import { createVolume, type Volume } from '../../../src/model/volume.ts';
import { T0 } from './samples.ts';

const MB = 1024 * 1024;
const at = (seconds: number): number => T0 + seconds * 1000;
const RELOAD: Deploy = { atMs: at(0), kind: 'reload' };

function volume(requests: number, seconds: number, errors = 0): Volume {
  const made = createVolume();
  made.requests = requests;
  made.codes.set(200, requests - errors).set(500, errors);
  for (let i = 0; i < requests; i++) made.durations.add(seconds);
  return made;
}

function route(path: string, count: number, seconds: number, errors = 0): RouteCell {
  const made = createRouteCell(routeKey('GET', path));
  Object.assign(made, { count, errors });
  for (let i = 0; i < count; i++) made.durations.add(seconds);
  return made;
}

/** A past that notes what it was asked for, in seconds since T0. */
function past(before: Partial<Side> = {}, after: Partial<Side> = {}): Past & { readonly asked: string[] } {
  const asked: string[] = [];
  const side = (from: number) => (from < T0 / 1000 ? before : after);
  return {
    asked,
    volume(from, to) {
      asked.push(`${from - T0 / 1000}..${to - T0 / 1000}`);
      return side(from).volume ?? volume(0, 0);
    },
    routes: (from) => side(from).routes ?? [],
  };
}

interface Side {
  readonly volume: Volume;
  readonly routes: readonly RouteCell[];
}

describe('a deploy, before and since', () => {
  it('is compared when its workers have settled, then at growing distances, and at last no more', () => {
    const history = new DeployHistory();
    const looks: number[] = [];
    for (let second = 1; second <= 400; second++) {
      if (history.look([RELOAD], at(second), past()).length > 0) looks.push(second);
    }
    expect(looks[0]).toBe(10);
    expect(looks.slice(0, 4)).toEqual([10, 12, 15, 18]);
    expect(looks.at(-1)).toBeLessThanOrEqual(300);
    expect(looks.length).toBeLessThan(25);
  });

  it('is compared over five minutes at most, without what belongs to its neighbours', () => {
    const alone = past();
    new DeployHistory().look([RELOAD], at(1000), alone);
    expect(alone.asked).toEqual(['-300..0', '2..300']);

    const between = past();
    const next: Deploy = { atMs: at(60), kind: 'restart' };
    new DeployHistory().look([{ atMs: at(-40), kind: 'restart' }, RELOAD, next], at(65), between);
    expect(between.asked).toEqual(['-340..-40', '-38..0', '-38..0', '2..60']);
  });

  it('has the figures of both sides', () => {
    const history = new DeployHistory();
    for (let second = -100; second < 100; second += 5) history.addMemory(at(second), (second < 5 ? 200 : 300) * MB);
    history.look([RELOAD], at(100), past({ volume: volume(100, 0.1) }, { volume: volume(50, 0.2, 5) }));
    const [row] = history.rows();
    expect(row).toMatchObject({ at: new Date(T0).toISOString(), kind: 'reload' });
    expect(row?.before).toMatchObject({ requests: 100, serverErrorRatio: 0, memoryBytes: 200 * MB });
    expect(row?.after).toMatchObject({ requests: 50, serverErrorRatio: 0.1, memoryBytes: 300 * MB });
    expect(row?.before?.p95Seconds).toBeCloseTo(0.1, 2);
    expect(row?.after?.p95Seconds).toBeCloseTo(0.2, 2);
  });

  it('says nothing of what came since while that is little, and of before where there was nothing', () => {
    const history = new DeployHistory();
    history.look([RELOAD], at(20), past({}, { volume: volume(9, 0.2) }));
    expect(history.rows()).toEqual([
      { at: new Date(T0).toISOString(), kind: 'reload', before: null, after: null, paths: [] },
    ]);
  });

  it('names the routes that changed most, those that fail first', () => {
    const before = [
      route('/same', 50, 0.1),
      route('/slow', 50, 0.1),
      route('/broken', 50, 0.1),
      route('/rare', 3, 0.1),
    ];
    const after = [
      ...[route('/same', 50, 0.1), route('/slow', 50, 0.5), route('/broken', 20, 0.1, 10)],
      ...[route('/rare', 50, 9), route('/new', 50, 9)],
    ];
    const history = new DeployHistory();
    const sides = [
      { volume: volume(150, 0.1), routes: before },
      { volume: volume(120, 0.1), routes: after },
    ] as const;
    history.look([RELOAD], at(100), past(...sides));
    expect(history.rows()[0]?.paths.map(({ path }) => path)).toEqual(['/broken', '/slow', '/same']);
    expect(history.rows()[0]?.paths[0]?.after).toMatchObject({ count: 20, errorRatio: 0.5 });
  });

  it('keeps the newest ten, the newest first', () => {
    const history = new DeployHistory();
    const deploys = Array.from({ length: 14 }, (_, index): Deploy => ({ atMs: at(index), kind: 'restart' }));
    history.look(deploys, at(20), past());
    expect(history.rows().map((row) => Date.parse(row.at) - T0)).toEqual(
      [13, 12, 11, 10, 9, 8, 7, 6, 5, 4].map((s) => s * 1000),
    );
  });
});

describe('the sentence about a deploy', () => {
  const figures = (rest: Partial<DeployFigures> = {}): DeployFigures => ({
    ...{ requests: 100, serverErrorRatio: 0, p50Seconds: 0.1, p95Seconds: 0.2, memoryBytes: null },
    ...rest,
  });
  const say = (before: DeployFigures | null, after: DeployFigures | null): string | null =>
    sayChange({ at: '', kind: 'reload', before, after, paths: [] } satisfies DeployRow);

  it('leaves out what nobody can feel', () => {
    const quick = figures({ p50Seconds: 0.001, p95Seconds: 0.003 });
    expect(say(quick, figures({ p50Seconds: 0.0013, p95Seconds: 0.0036 }))).toBeNull();
    expect(say(quick, figures({ p50Seconds: 0.001, p95Seconds: 0.009 }))).toContain('p95 +200 % since');
  });

  it('tells of memory that has grown, but not of workers that have yet to fill their caches', () => {
    const holding = (megabytes: number): DeployFigures => figures({ memoryBytes: megabytes * MB });
    expect(say(holding(120), holding(300))).toBe('memory +150 % since (120 MB → 300 MB)');
    expect(say(holding(10), holding(25))).toBeNull();
    expect(say(holding(1000), holding(1200))).toBeNull();
    expect(say(holding(300), holding(120))).toBeNull();
  });

  it.each([
    [figures({ p95Seconds: 0.268 }), 'p95 +34 % since (200 ms → 268 ms)'],
    [figures({ p95Seconds: 0.1 }), 'p95 −50 % since (200 ms → 100 ms)'],
    [figures({ p95Seconds: null, p50Seconds: 0.2 }), 'p50 +100 % since (100 ms → 200 ms)'],
    [figures({ serverErrorRatio: 0.04 }), '5xx 4 % since, none before'],
    [
      figures({ serverErrorRatio: 0.04, p95Seconds: 0.4 }),
      '5xx 4 % since, none before, p95 +100 % since (200 ms → 400 ms)',
    ],
    [figures({ p95Seconds: 0.21 }), null],
    [null, null],
  ])('%j: %s', (after, sentence) => {
    expect(say(figures(), after)).toBe(sentence);
  });

  it('is none without a past', () => {
    expect(say(null, figures())).toBeNull();
  });
});
