/** Panes with the whole screen to themselves. */
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../../src/model/snapshot.ts';
import {
  aHeatMap,
  anAlert,
  anErrorGroup,
  aWorker,
  busy,
  iso,
  nothingKnown,
  quiet,
} from '../../../support/snapshots.ts';
import { drawPane, drawPaneCells, lineWith } from './draw.ts';

/** Inside of a pane that is zoomed at 160×45. */
const [WIDTH, HEIGHT] = [158, 40];

const tall = (id: Parameters<typeof drawPane>[0], over: Partial<Snapshot> = {}): string[] =>
  drawPane(id, busy(over), WIDTH, HEIGHT);

describe('the traffic pane, zoomed', () => {
  it('has a scale whose top is near the highest column, with round figures', () => {
    // 26 rows: at steps of 1.5 a row the top would be 39.
    const series = { ...busy().series, requestsPerSecond: busy().series.requestsPerSecond.map(() => 33) };
    const lines = tall('traffic', { series });
    const top = lines.findIndex((line) => line.includes('█'));
    expect(top).toBeLessThanOrEqual(2);
    const figures = lines.slice(0, 24).flatMap((line) => /(\d+\.\d+) ┤/.exec(line)?.[1] ?? []);
    expect(figures.length).toBeGreaterThanOrEqual(3);
    for (const figure of figures) expect(Number(figure) % Number(figures.at(-1))).toBeCloseTo(0, 6);
  });

  it('stacks the requests by what came of them, errors on the ground', () => {
    const lines = tall('traffic');
    const ground = lineWith(lines, '┼');
    expect(ground).toMatch(/^ +0 ┼▓+$/);
    expect(lines[lines.indexOf(ground) - 1]).toMatch(/[┤│]▒+$/);
    expect(lineWith(lines, '2xx 3xx')).toMatch(/█ 2xx 3xx +▒ 4xx +▓ 5xx/);
  });

  it('has everything else on the same columns: marks, times of day, latency, errors, bytes, workers, queue', () => {
    const lines = tall('traffic');
    const places = ['▲HUP', '12:03:00'].map((mark) => lineWith(lines, mark).indexOf(mark));
    expect(places[0]).toBeGreaterThan(40);
    for (const name of ['p95', '5xx', 'bytes/s', 'busy', 'queue']) {
      const row = lines.find((line) => line.startsWith(` ${name}`) && line.includes('≤'));
      expect(row?.slice(16), name).toMatch(/^[ ▁▂▃▄▅▆▇█]+$/);
    }
  });

  it('draws no error where there was none', () => {
    const series = { ...busy().series, serverErrorRatio: busy().series.serverErrorRatio.map(() => 0) };
    const charts = tall('traffic', { series }).filter((line) => /[┤│┼]/.test(line));
    expect(charts.join('')).not.toContain('▓');
  });

  it('leaves blank what is not known', () => {
    const text = drawPane('traffic', nothingKnown(), WIDTH, HEIGHT).join('\n');
    expect(text).not.toMatch(/[▁▂▃▄▅▆▇]/);
    expect(text).toContain('no access log: use --log FILE');
  });
});

describe('the latency pane, zoomed', () => {
  it('shows two groups of requests that percentiles put together', () => {
    const lines = tall('latency', { heatMap: aHeatMap() });
    const map = lines.slice(
      1,
      lines.findIndex((line) => line.includes('-2m00s')),
    );
    const column = map.map((line) => line[150] ?? ' ').join('');
    expect(column.trim()).toMatch(/^[·░▒▓█]+ +[·░▒▓█]+$/);
    // The first eight seconds are not known.
    expect(
      map
        .map((line) => line[17] ?? ' ')
        .join('')
        .trim(),
    ).toBe('');
    expect(lineWith(lines, 'requests ··')).toMatch(/requests ·· 1 .* ▒▒ \d+/);
  });

  it('has the figures of the window above and the percentiles as lines below', () => {
    const lines = tall('latency', { heatMap: aHeatMap() });
    expect(lines[0]).toBe(' p50 21.0ms · p90 98.4ms · p95 182ms · p99 710ms · max 9.81s · mean 44.1ms · n 50.5k');
    expect(lines.filter((line) => /^ ─ p(50|90|95|99) .*[┤│┼]/.test(line))).toHaveLength(4);
  });

  it('tells the lines apart by more than their place', () => {
    const spans = drawPaneCells('latency', busy({ heatMap: aHeatMap() }), WIDTH, HEIGHT).flat();
    const styles = new Set(spans.filter(({ text }) => /[─╭╰]/.test(text)).map(({ style }) => style));
    for (const style of ['series1', 'series2', 'series3', 'series4'] as const) expect(styles).toContain(style);
  });

  it('has the percentiles alone until the map has come', () => {
    const lines = tall('latency');
    expect(lines.join('')).not.toContain('requests ··');
    expect(lines.filter((line) => /[╭╰]/.test(line)).length).toBeGreaterThan(5);
    expect(lines.filter((line) => /^ p\d\d +≤/.test(line))).toHaveLength(4);
  });

  it('draws durations that are all alike higher, in place of an empty map', () => {
    const alike = { ...aHeatMap(), edgesSeconds: [0.147, 0.156], columns: aHeatMap().columns.map(() => [2]) };
    const lines = tall('latency', { heatMap: alike });
    const first = lines.findIndex((line) => line.includes('156ms ┤'));
    const map = lines.slice(first, first + 4);
    for (const line of map) expect(line.trimEnd()).toMatch(/[┤│┼]█+$/);
    expect(lines[first + 4]).not.toMatch(/█/);
  });

  it('says that a percentile has no history where no step had enough requests', () => {
    const series = { ...busy().series, p99Seconds: busy().series.p99Seconds.map(() => null) };
    expect(lineWith(drawPane('latency', busy({ series, heatMap: aHeatMap() }), 78, 20), 'p99  ')).toMatch(/p99 +–/);
    expect(drawPane('latency', busy({ series }), 60, 8)[3]).toMatch(/^ p99 +710ms +–$/);
  });

  it('has its map from 60×20 on', () => {
    expect(drawPane('latency', busy({ heatMap: aHeatMap() }), 58, 17).join('\n')).toMatch(/requests ·/);
  });

  it('says at any size how many were killed', () => {
    for (const height of [8, 18, 24, 40]) {
      expect(drawPane('latency', busy({ heatMap: aHeatMap() }), 78, height).join('\n')).toContain(
        '2 killed by timeout',
      );
    }
  });
});

describe('the status pane', () => {
  const errors = [anErrorGroup(), anErrorGroup({ type: 'KeyError', message: "'x'", frame: null, count: 2, paths: [] })];

  it('says what is thrown most also where there is no room for a table of it', () => {
    for (let height = 9; height < 24; height++) {
      const text = drawPane('status', busy({ errors }), 120, height).join('\n');
      expect(text).toMatch(/14[× ].*ValueError/);
      expect(text).not.toContain('… 2 more');
    }
  });

  it('says in a line what is thrown most', () => {
    const text = drawPane('status', busy({ errors }), 60, 9).join('\n');
    expect(text).toContain('14× ValueError app/views.py:88 in report: invalid literal');
    expect(text).toContain("2× KeyError: 'x'");
  });

  it('lists tracebacks, zoomed, with where and on which routes they came', () => {
    const lines = tall('status', { errors, errorTotals: { count: 16, groups: 2, groupsNotShown: 0 } });
    expect(lines.join('\n')).toContain('Tracebacks: 16 in 2 groups');
    expect(lineWith(lines, 'ValueError')).toMatch(
      /14 12:03:35 ValueError +app\/views\.py:88 in report +\/reports\/\{id\} +invalid/,
    );
    expect(lineWith(lines, 'KeyError')).toMatch(/2 12:03:35 KeyError +– +– +'x'/);
  });

  it('has every code, zoomed', () => {
    const text = tall('status').join('\n');
    for (const code of ['200', '204', '302', '400', '404', '500', '502'])
      expect(text).toMatch(new RegExp(`${code} +[\\d.k]+ +[\\d.]+/s`));
    expect(text).toContain('no traceback since gtop began to read');
  });
});

describe('the events pane, zoomed', () => {
  it('compares what was before a deploy with what has been since', () => {
    const figures = { requests: 900, serverErrorRatio: 0, p50Seconds: 0.01, p95Seconds: 0.06, memoryBytes: 700e6 };
    const deploys: Snapshot['deploys'] = [
      { at: iso(80), kind: 'reload', before: figures, after: { ...figures, p95Seconds: 0.182 }, paths: [] },
      { at: iso(900), kind: 'restart', before: null, after: figures, paths: [] },
    ];
    const lines = tall('events', { deploys });
    expect(lineWith(lines, ' HUP ')).toMatch(/12:02:24 HUP +10\.0ms → 10\.0ms +60\.0ms → 182ms +0% → 0%/);
    expect(lineWith(lines, ' start')).toMatch(/11:48:44 start +– → 10\.0ms/);
    const cells = drawPaneCells('events', busy({ deploys }), WIDTH, HEIGHT).flat();
    expect(cells.find(({ text }) => text.includes('60.0ms → 182ms'))?.style).toBe('warning');
  });
});

describe('the alerts pane', () => {
  const notice = {
    channel: 'ops',
    type: 'slack',
    state: 'firing',
    delivered: 'firing',
    deliveredAt: iso(9),
    error: null,
  } as const;
  const rules = {
    files: [{ path: '/etc/gtop/rules.yml', rules: 3, loadedAt: iso(90), error: 'line 7: unknown function sun' }],
    findings: [
      {
        file: '/etc/gtop/rules.yml',
        line: 12,
        group: 'web',
        rule: 'NoTraffic',
        kind: 'never',
        reason: 'can never fire: increase() is never below 0',
        rewrite: 'rate(http_requests_total[5m]) == 0',
      },
    ],
    failures: [{ group: 'web', rule: 'Ratio', error: 'many-to-many matching' }],
    series: 12,
    evaluationSeconds: 0.001,
  } as const;

  it('says how many of those who are to be told were told', () => {
    const row = (error: string | null) =>
      tall('alerts', {
        alerts: [anAlert({ notices: [notice, { ...notice, channel: 'mail', delivered: null, error }] })],
      })[1];
    expect(row(null)).toMatch(/ 1\/2 +4m10s$/);
    const cells = drawPaneCells(
      'alerts',
      busy({ alerts: [anAlert({ notices: [{ ...notice, error: 'refused' }] })] }),
      WIDTH,
      5,
    );
    expect(cells.flat().find(({ text }) => text.includes('1/1'))?.style).toBe('critical');
  });

  it('tells apart the alerts of one rule by their labels', () => {
    const alerts = ['web-1', 'web-2'].map((instance) => anAlert({ labels: { instance, severity: 'page' } }));
    expect(tall('alerts', { alerts })[1]).toContain('5xx 6.1 % > 5 %  instance="web-1"');
    expect(tall('alerts', { alerts }).join('')).not.toContain('page');
  });

  it('names rules that cannot do what they are meant to, with a rewrite', () => {
    const text = tall('alerts', { rules }).join('\n');
    expect(text).toContain('✖ rules.yml: line 7: unknown function sun');
    expect(text).toContain('▲ Ratio cannot be evaluated: many-to-many matching');
    expect(text).toContain('▲ NoTraffic (rules.yml:12) can never fire: increase() is never below 0');
    expect(text).toContain('write: rate(http_requests_total[5m]) == 0');
  });

  it('says so on a small screen too, and leaves an alert in sight', () => {
    const lines = drawPane('alerts', busy({ rules }), 65, 5);
    expect(lines.join('\n')).toContain('✖ rules.yml');
    expect(lines[1]).toContain('HighErrorRate');
  });

  it('leaves alerts two thirds of the place, however many rules need a look, and says how many it does not name', () => {
    const findings = Array.from({ length: 20 }, (_, index) => ({ ...rules.findings[0], rule: `Rule${index}` }));
    const many = { ...rules, files: [], failures: [], findings };
    const alerts = Array.from({ length: 40 }, (_, index) => anAlert({ name: `Alert${index}` }));
    const lines = drawPane('alerts', busy({ rules: many, alerts }), 100, 12);
    expect(lines.filter((line) => /Alert\d/.test(line))).toHaveLength(8);
    expect(lines[9]).toContain('▲ Rule0 (rules.yml:12)');
    expect(lines[11]).toBe(' ▲ 19 more remarks on rules: gtop rules check');
  });

  it('remembers what fired before', () => {
    const ended = {
      name: 'Saturated',
      severity: 'critical',
      labels: {},
      fingerprint: 'f',
      from: iso(300),
      to: iso(280),
      seconds: 20,
      summary: '36 wait',
    } as const;
    expect(tall('alerts', { alertHistory: [ended] }).join('\n')).toContain(
      'fired 11:58:44–11:59:04    20s ✖ Saturated 36 wait',
    );
    expect(drawPane('alerts', quiet({ alertHistory: [ended] }), 65, 5).join('\n')).toMatch(
      /● no alert[\s\S]*fired 11:58:44/,
    );
  });
});

describe('the workers pane, zoomed', () => {
  it('says what busy workers do, what they grow by, and when they will be killed', () => {
    const workers = [
      aWorker({ state: 'busy', busySeconds: 27, activity: 'waiting', secondsToKill: 3, heartbeatAgeSeconds: 27 }),
      aWorker({ pid: 26198, memorySlopeBytesPerHour: 80 * 2 ** 20 }),
    ];
    const lines = drawPane('workers', busy({ workers }), WIDTH, 20);
    expect(lines[0]).toMatch(/STATE +FOR DOING +CPU%.*MEM\/H.*BEAT +KILL/);
    expect(lines[1]).toMatch(/busy +27\.0s waiting .* 27\.0s +3\.00s/);
    expect(lines[2]).toMatch(/\+80\.0M/);
  });
});

describe('the system pane', () => {
  it('counts the lines that the configuration asks for', () => {
    const watched = [
      { name: 'payments', count: 340, lastAt: iso(12), perMinute: 12 },
      { name: 'never', count: 0, lastAt: null, perMinute: 0 },
    ];
    const lines = drawPane('system', busy({ watched }), 158, 30);
    expect(lineWith(lines, 'payments')).toMatch(/payments +12\/min · 340 lines since start · last 12s ago/);
    expect(lineWith(lines, 'never')).toMatch(/never +0\/min · 0 lines since start$/);
  });
});
