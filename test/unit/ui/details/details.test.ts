import { describe, expect, it } from 'vitest';
import type { AlertRow, Snapshot } from '../../../../src/model/snapshot.ts';
import { drawToText } from '../../../../src/ui/canvas/text-surface.ts';
import { alert } from '../../../../src/ui/details/alert.ts';
import { client } from '../../../../src/ui/details/client.ts';
import type { DetailKind, DetailTarget, DetailView } from '../../../../src/ui/details/detail-view.ts';
import { errors } from '../../../../src/ui/details/errors.ts';
import { event } from '../../../../src/ui/details/event.ts';
import { path } from '../../../../src/ui/details/path.ts';
import { worker } from '../../../../src/ui/details/worker.ts';
import { durationChange, ratioChange } from '../../../../src/ui/panes/deploy-columns.ts';
import {
  aHeatMap,
  anAlert,
  anErrorGroup,
  anEvent,
  aPath,
  aWorker,
  busy,
  defaultFormat,
  hostile,
  iso,
  nothingKnown,
  quiet,
} from '../../../support/snapshots.ts';
import { contextOf } from '../panes/draw.ts';

const VIEWS = { path, worker, alert, event, client, errors };

function viewOf(target: DetailTarget): DetailView<DetailKind> {
  return VIEWS[target.kind] as DetailView<DetailKind>;
}

/** All of a detail, as high as it is. */
function draw(target: DetailTarget, snapshot: Snapshot, width = 158, whole?: Snapshot): string {
  const view = viewOf(target);
  const context = { ...contextOf(snapshot), ...(whole && { whole }) };
  const height = view.height(context, target, width);
  return drawToText((surface) => view.draw(surface, context, target), width, height).join('\n');
}

/** The lines of one block, without its title. */
function block(text: string, title: string): string {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(` ${title} ─`));
  if (from < 0) throw new Error(`no block ${title}:\n${text}`);
  const to = lines.findIndex((line, index) => index > from && line === '');
  return lines.slice(from + 1, to < 0 ? undefined : to).join('\n');
}

/** As Python prints it. */
const THROWN = "✖ ValueError: invalid literal for int() with base 10: 'x'";

const REPORTS = { kind: 'path', method: 'GET', path: '/reports/{id}', slow: null } as const;
const TIMEOUT = anEvent({
  at: iso(22),
  kind: 'worker-timeout',
  level: 'critical',
  worker: 26190,
  method: 'GET',
  path: '/reports/9912',
  text: 'worker 26190 killed: timeout after 30 s in GET /reports/9912 (app/views.py:88)',
  details: anErrorGroup().sample,
});
const TARGETS: readonly DetailTarget[] = [
  REPORTS,
  { kind: 'path', method: null, path: null, slow: busy().slow[0] ?? null },
  { kind: 'worker', pid: 26197, startedAt: null },
  { kind: 'worker', pid: 1, startedAt: iso(5) },
  { kind: 'alert', alert: anAlert() },
  { kind: 'event', event: TIMEOUT },
  { kind: 'event', event: anEvent({ kind: 'reload', at: iso(80), worker: null, text: 'reload (HUP)' }) },
  { kind: 'client', list: 'addresses', value: '10.0.0.7' },
  { kind: 'client', list: 'userAgents', value: 'curl/8.5' },
  { kind: 'errors' },
];

describe('every detail', () => {
  it.each(TARGETS.map((target) => [target.kind, target] as const))(
    'of kind %s draws any Snapshot at any size',
    (_, target) => {
      const snapshots = [
        busy({ heatMap: aHeatMap(), errors: [anErrorGroup()] }),
        quiet(),
        defaultFormat(),
        nothingKnown(),
        hostile(),
      ];
      for (const snapshot of snapshots) {
        const context = contextOf(snapshot);
        for (const width of [1, 2, 20, 38, 78, 158, 398]) {
          const height = viewOf(target).height(context, target, width);
          expect(height).toBeGreaterThan(0);
          for (const shown of [1, height, height + 30]) {
            const lines = drawToText((surface) => viewOf(target).draw(surface, context, target), width, shown);
            expect(lines).toHaveLength(shown);
          }
        }
      }
    },
  );

  it('has nothing below the height it asks for', () => {
    for (const target of TARGETS) {
      const context = contextOf(busy({ heatMap: aHeatMap(), errors: [anErrorGroup()] }));
      const height = viewOf(target).height(context, target, 100);
      const drawn = (lines: number): string[] =>
        drawToText((surface) => viewOf(target).draw(surface, context, target), 100, lines);
      expect(drawn(height).at(-1)).not.toBe('');
    }
  });
});

describe('a path', () => {
  const snapshot = busy({ heatMap: aHeatMap(), errors: [anErrorGroup()] });
  const text = draw(REPORTS, snapshot);

  it('is named by method and route', () => {
    expect(path.title(REPORTS)).toBe('GET /reports/{id}');
    expect(path.title({ ...REPORTS, method: null, path: null })).toBe('– (path not logged)');
  });

  it('says how its durations are spread, and when they were how long', () => {
    expect(text).toMatch(/Durations of 26\.2k requests ─/);
    expect(text).toMatch(/3\.36ms–7\.03ms █+ +15\.9k +60\.8 %/);
    expect(text).toContain('Latency over time');
    expect(text).toMatch(/requests ·· 1 .*██/);
  });

  it('says who asked, and which workers served it', () => {
    expect(text).toMatch(/30\.0k +500 +59\.4 .*10\.0\.0\.7/);
    expect(text).toMatch(/26197 busy +13\.1k +190/);
    expect(text).toMatch(/26190 ended +840 +2/);
  });

  it('lists its slowest requests and what was thrown, with the traceback', () => {
    expect(block(text, 'Slowest requests')).toMatch(/≥30\.0s .*26190 .*GET \/reports\/9912/);
    expect(block(text, THROWN)).toContain('14× · at app/views.py:88 in report · last 9s ago · on /reports/{id}');
    expect(block(text, THROWN)).toContain('File "/srv/app/views.py", line 88, in report');
  });

  it('names what was thrown as Python does, so that a message of one digit is not taken for a figure', () => {
    const errors = [anErrorGroup({ type: 'SystemExit', message: '1', frame: null, paths: [], count: 1 })];
    expect(block(draw(REPORTS, busy({ errors })), '✖ SystemExit: 1')).toMatch(/^ 1× · last 9s ago · /m);
    expect(draw(REPORTS, busy({ errors: [anErrorGroup({ message: '' })] }))).toContain('✖ ValueError ─');
  });

  it('tells what was thrown on it before what no log tells the path of, and says so', () => {
    const nameless = anErrorGroup({ fingerprint: 'other', type: 'KeyError', message: 'x', paths: [], count: 99 });
    const all = draw(REPORTS, busy({ errors: [nameless, anErrorGroup()] }));
    expect(all.indexOf('✖ KeyError')).toBeGreaterThan(all.indexOf('✖ ValueError'));
    expect(block(all, '✖ KeyError: x')).toContain(
      '99× · at app/views.py:88 in report · last 9s ago · no log tells on which path',
    );
    expect(block(all, THROWN)).not.toContain('no log tells');
  });

  it('says so where no request of the window has a duration', () => {
    const heatMap = { ...aHeatMap(), window: aHeatMap().window.map(() => 0) };
    expect(draw(REPORTS, busy({ heatMap }))).toMatch(
      /Durations of 0 requests ─.*\n.*no request with a duration in the/,
    );
  });

  it('shows the request that was chosen', () => {
    const slow = snapshot.slow[0] ?? null;
    const chosen = draw({ ...REPORTS, path: '/reports/9912', slow }, snapshot);
    expect(block(chosen, 'This request')).toBe(
      ' took ≥30.0s · ✖ killed with its worker · ended 12:03:33 · worker 26190 · client 10.0.0.7 · body –',
    );
  });

  it('says that the past is still being looked through', () => {
    const since = (filterCoverage: Snapshot['filterCoverage']): string => draw(REPORTS, busy({ filterCoverage }));
    expect(since({ from: null, reading: true })).toContain('the logs are being looked through');
    expect(since({ from: iso(60), reading: true })).toContain('whole since 12:02:44, the rest is being read');
    expect(since({ from: iso(60), reading: false })).not.toContain('▲ whole');
  });

  it('has the percentiles in place of the map where durations are unknown', () => {
    expect(draw(REPORTS, defaultFormat())).not.toContain('Latency over time');
    expect(draw(REPORTS, defaultFormat())).toContain('The access log has no durations.');
  });
});

describe('a worker', () => {
  const values = Array.from({ length: 120 }, (_, index) => index);
  const workerHistory = {
    pid: 26197,
    stepSeconds: 1,
    from: iso(120),
    cpuPercent: values,
    rssBytes: values.map((value) => value * 1e6),
    pssBytes: values.map(() => null),
    busyRatio: values.map((value) => value % 2),
    heartbeatAgeSeconds: values.map((value) => value / 10),
  };
  const target = { kind: 'worker', pid: 26197, startedAt: null } as const;

  it('is shown as it is now, with the time that it has left', () => {
    const now = block(draw(target, busy()), 'Now');
    expect(now).toContain('busy · for 38.2s · client 10.0.0.7 · heartbeat 412ms ago');
    expect(now).toContain('killed, if it stays silent, in 29.6s');
    expect(now).toContain('CPU 99.1 % · PSS 182M');
  });

  it('has the queue of its own, where each worker has one (--reuse-port)', () => {
    const nowOf = (backlog: number | null): string =>
      block(draw(target, busy({ workers: [aWorker({ pid: 26197, backlog })] })), 'Now');
    expect(nowOf(14)).toContain('queue of its own 14');
    expect(nowOf(null)).not.toContain('queue');
  });

  it('leaves out whom it serves and when it would be killed where there is no answer', () => {
    const row = aWorker({ pid: 26197, state: 'idle', clientAddress: null, secondsToKill: null });
    const now = block(draw(target, busy({ workers: [row] })), 'Now');
    expect(now).toMatch(/^ idle · heartbeat \S+ ago$/m);
  });

  it('has its history of CPU, memory, work and silence', () => {
    const history = block(draw(target, busy({ workerHistory })), 'How it has been');
    expect(history).toMatch(/CPU % +≤119/);
    expect(history).toMatch(/RSS +≤113M/);
    expect(history).toMatch(/busy +≤100%/);
    expect(history).toMatch(/silent +≤11\.9s/);
    expect(history).toMatch(/-2m00s +now$/);
  });

  it('tells of its own events, and of what ended the workers before it', () => {
    const born = { ...target, startedAt: iso(10) };
    const rows = busy().workers.map((row) => (row.pid === 26197 ? { ...row, startedAt: iso(10) } : row));
    const whole = busy({ workers: rows });
    const own = { ...whole, events: [anEvent({ worker: 26197, text: 'worker 26197 booted' })] };
    const text = draw(born, own, 158, whole);
    expect(block(text, 'What happened to it')).toContain('worker 26197 booted');
    expect(block(text, 'Workers that ended before')).toContain('worker 26190 killed: timeout after 30 s');
  });

  it('says how it ended, when it is gone', () => {
    const gone = { kind: 'worker', pid: 26190, startedAt: null } as const;
    expect(block(draw(gone, busy()), 'Now')).toContain('✖ worker 26190 killed: timeout after 30 s');
    expect(worker.figures?.(contextOf(busy()), gone)[0]?.spans[0]?.text).toBe('ended');
  });

  it('is not taken for another of the same pid', () => {
    expect(block(draw({ ...target, startedAt: iso(1) }, busy()), 'Now')).toContain('not there any more');
  });

  it('says what the log has to tell before its requests are known', () => {
    const workers = busy().workers.map((row) => ({ ...row, requestsTotal: null }));
    expect(draw(target, busy({ workers }))).toContain(
      '%(p)s in the access log format names the worker of each request',
    );
  });
});

describe('an alert', () => {
  const row = anAlert({
    source: 'rules',
    expression: 'sum(rate(http_requests_total[1m])) > 0.05',
    labels: { instance: 'web-1' },
    annotations: { runbook: 'https://example.org/5xx' },
    notices: [
      { channel: 'ops', type: 'slack', state: 'firing', delivered: 'firing', deliveredAt: iso(200), error: null },
      {
        channel: 'mail',
        type: 'email',
        state: 'firing',
        delivered: null,
        deliveredAt: null,
        error: 'connection refused',
      },
    ],
  });
  const firing = { name: row.name, severity: row.severity, labels: {}, fingerprint: row.fingerprint } as const;
  const snapshot = busy({
    alerts: [row],
    alertValues: {
      fingerprint: row.fingerprint,
      stepSeconds: 1,
      from: iso(60),
      values: Array.from({ length: 60 }, (_, index) => index / 1000),
    },
    alertHistory: [
      { ...firing, from: iso(900), to: iso(800), seconds: 100, summary: '5xx 7 % > 5 %' },
      { ...firing, fingerprint: 'other', from: iso(400), to: iso(300), seconds: 100, summary: 'of another' },
    ],
  });
  const text = draw({ kind: 'alert', alert: row }, snapshot);

  it('has its value against its threshold, now and over time', () => {
    expect(block(text, 'Now')).toMatch(
      /✖ 5xx 6\.1 % > 5 %\n value 0\.061 · threshold 0\.05 · firing since 11:59:34 \(4m10s\)/,
    );
    expect(block(text, 'Value over time')).toMatch(/limit +0\.06 ┤/);
    expect(block(text, 'Value over time')).toMatch(/─{100}/);
  });

  it('has its figures in their unit, where gtop knows it', () => {
    const ofUnit = (unit: NonNullable<AlertRow['unit']>, value: number, threshold: number): string =>
      block(draw({ kind: 'alert', alert: { ...row, fingerprint: unit, unit, value, threshold } }, busy()), 'Now');
    expect(ofUnit('ratio', 0.061, 0.05)).toContain('value 6.10 % · threshold 5.00 %');
    expect(ofUnit('percent', 95, 80)).toContain('value 95.0 % · threshold 80.0 %');
    expect(ofUnit('seconds', 1.2, 1)).toContain('value 1.20s · threshold 1.00s');
    expect(ofUnit('bytes', 2 ** 30, 2 ** 20)).toContain('value 1.00G · threshold 1.00M');
    expect(ofUnit('count', 3, 2)).toContain('value 3 · threshold 2');
  });

  it('has its rule as it was written', () => {
    expect(block(text, 'Rule')).toContain('sum(rate(http_requests_total[1m])) > 0.05');
    expect(block(text, 'Rule')).toMatch(/labels +instance="web-1"\n runbook +https:\/\/example\.org\/5xx/);
  });

  it('has long and many-lined rules and annotations whole', () => {
    const long = {
      ...row,
      expression: `sum(a)\n  / ${'sum(b) + '.repeat(20)}1\n`,
      annotations: { description: 'one\ntwo\x1b[2J' },
    };
    const rule = block(draw({ kind: 'alert', alert: long }, { ...snapshot, alerts: [long] }), 'Rule');
    expect(rule).toMatch(/expr +sum\(a\)\n/);
    expect(rule.match(/sum\(b\)/g)).toHaveLength(20);
    expect(rule).toMatch(/description +one\n +two\\x1b\[2J/);
  });

  it('says who was told, and why somebody was not', () => {
    const told = block(text, 'Who was told');
    expect(told).toMatch(/ops +slack +12:00:24 firing/);
    expect(told).toMatch(/mail +email +– +✖ firing not sent: connection refused/);
  });

  it('says when it fired before, and nothing of others', () => {
    expect(text).toMatch(/11:48:44 +1m40s 5xx 7 % > 5 %/);
    expect(text).not.toContain('of another');
  });

  it('goes on being shown when it has gone', () => {
    const gone = draw({ kind: 'alert', alert: row }, busy({ alerts: [] }));
    expect(block(gone, 'Now')).toContain('5xx 6.1 % > 5 %');
    expect(block(gone, 'Value over time')).toContain('no value was recorded');
  });

  it('says what is wrong with the rule itself', () => {
    const rules = {
      files: [],
      failures: [],
      series: 0,
      evaluationSeconds: null,
      findings: [
        {
          file: '/etc/gtop/rules.yml',
          line: 12,
          group: 'web',
          rule: row.name,
          kind: 'never',
          reason: 'can never fire: there is no label job',
          rewrite: 'up{job="web"} == 0',
        },
      ],
    } as const;
    const warned = draw({ kind: 'alert', alert: row }, { ...snapshot, rules });
    expect(block(warned, '▲ This rule needs a look')).toContain(
      'rules.yml:12 can never fire: there is no label job Write: up{job="web"} == 0',
    );
  });
});

describe('tracebacks', () => {
  it('stay where they were while they are read, new ones behind them', () => {
    const group = (fingerprint: string, count: number) =>
      anErrorGroup({ fingerprint, count, type: fingerprint, message: '' });
    const target = { kind: 'errors', order: ['One', 'Two'] } as const;
    const text = draw(target, busy({ errors: [group('New', 99), group('Two', 50), group('One', 7)] }));
    const places = ['✖ One', '✖ Two', '✖ New'].map((title) => text.indexOf(title));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });
});

describe('an event', () => {
  it('is an incident card: what, when, which request, traceback, before and after', () => {
    const text = draw({ kind: 'event', event: TIMEOUT }, busy());
    expect(block(text, 'What')).toContain('✖ worker 26190 killed: timeout after 30 s');
    expect(block(text, 'When and where')).toBe(
      ' at 2026-11-21 12:03:22 · 22s ago · worker 26190 (gone) · request GET /reports/9912 · took ≥30.0s · client 10.0.0.7',
    );
    expect(block(text, 'Traceback')).toContain("ValueError: invalid literal for int() with base 10: 'x'");
    expect(block(text, 'A minute before → after')).toMatch(
      /req\/s \d+ → \d+ · p95 \d+ms → \d+ms · 5xx [\d.]+% → [\d.]+%/,
    );
    expect(block(text, 'Around it')).toContain('worker 26201 booted');
  });

  it('says that the request of a worker that died is in no log, where it is not', () => {
    const crash = anEvent({ kind: 'worker-crash', level: 'critical', worker: 26190, path: null, text: 'SIGSEGV' });
    expect(draw({ kind: 'event', event: crash }, busy())).toContain('its request, if it had one, is in no log');
    expect(draw({ kind: 'event', event: TIMEOUT }, busy())).not.toContain('in no log');
    const reload = anEvent({ kind: 'reload', worker: null, path: null, text: 'reload (HUP)' });
    expect(draw({ kind: 'event', event: reload }, busy())).not.toContain('in no log');
  });

  it('gives the request a line of its own where the screen is narrow: it is what was asked for', () => {
    expect(block(draw({ kind: 'event', event: TIMEOUT }, busy(), 78), 'When and where')).toBe(
      ' at 2026-11-21 12:03:22 · 22s ago · worker 26190 (gone)\n request GET /reports/9912 · took ≥30.0s · client 10.0.0.7',
    );
    const reload = anEvent({ kind: 'reload', at: iso(80), worker: null, path: null, text: 'reload (HUP)' });
    expect(block(draw({ kind: 'event', event: reload }, busy(), 78), 'When and where').split('\n')).toHaveLength(1);
  });

  it('tells of an alert what it fires about: the request, and the traceback', () => {
    const text = `WorkerTimeout firing: ${TIMEOUT.text}`;
    const firing = anEvent({ at: iso(21), kind: 'alert-firing', level: 'critical', worker: null, text });
    const events = [firing, anEvent({ text: 'worker 26201 booted' }), TIMEOUT];
    const card = draw({ kind: 'event', event: firing }, busy({ events }));
    expect(block(card, 'When and where')).toContain('worker 26190 (gone) · request GET /reports/9912');
    expect(block(card, 'Traceback')).toContain('ValueError');
    const row = anAlert({ state: 'firing', summary: TIMEOUT.text });
    const alerts = [row];
    expect(block(draw({ kind: 'alert', alert: row }, busy({ events, alerts })), 'Traceback')).toContain('ValueError');
  });

  it('shows of a traceback what there is room for: no pointers, and of a long path the file', () => {
    const details = [
      'Traceback (most recent call last):',
      `  File "/srv/${'site-packages/'.repeat(9)}app/views.py", line 88, in report`,
      '    number = int(argument)',
      '             ^^^^^^^~~~~^^',
      "ValueError: invalid literal for int() with base 10: 'x'",
    ].join('\n');
    const card = block(draw({ kind: 'event', event: { ...TIMEOUT, details } }, busy({ events: [] }), 78), 'Traceback');
    expect(card).not.toContain('^');
    expect(card).toMatch(/^ {4}File "…(\/site-packages)+\/app\/views\.py", line 88, in report$/m);
    expect(card.split('\n').length).toBe(4);
  });

  it('compares the minute before with the minute after, by what the charts hold', () => {
    const series = {
      ...busy().series,
      requestsPerSecond: busy().series.requestsPerSecond.map((_, i) => (i < 98 ? 100 : 10)),
    };
    const text = draw({ kind: 'event', event: TIMEOUT }, busy({ series }));
    expect(block(text, 'A minute before → after')).toContain('req/s 100 → 10.0');
    const old = { ...TIMEOUT, at: iso(86_400) };
    expect(block(draw({ kind: 'event', event: old }, busy()), 'A minute before → after')).toBe(
      ' older than the charts, which reach back 2m00s: w takes a longer window',
    );
  });

  it('shows what a deploy has changed', () => {
    const figures = { requests: 1000, serverErrorRatio: 0, p50Seconds: 0.01, p95Seconds: 0.06, memoryBytes: 7e8 };
    const routes = { count: 100, errorRatio: 0, p50Seconds: 0.01, p95Seconds: 0.06 };
    const deploys: Snapshot['deploys'] = [
      {
        at: iso(80),
        kind: 'reload',
        before: figures,
        after: { ...figures, p95Seconds: 0.182, serverErrorRatio: 0.04 },
        paths: [{ method: 'GET', path: '/reports/{id}', before: routes, after: { ...routes, p50Seconds: 0.3 } }],
      },
    ];
    const reload = anEvent({ kind: 'reload', at: iso(80), worker: null, text: 'reload (HUP): 4 workers replaced' });
    const text = draw({ kind: 'event', event: reload }, busy({ deploys }));
    expect(block(text, 'Before and after')).toMatch(/HUP +10\.0ms → 10\.0ms +60\.0ms → 182ms +0% → 4\.00%/);
    expect(block(text, 'Routes, the worst change first')).toMatch(/GET \/reports\/\{id\} +10\.0ms → 300ms/);
    expect(text).not.toContain('A minute before');
  });

  it('has a colour for what became worse, not for a change of microseconds', () => {
    expect(durationChange(0.06, 0.182)).toEqual({ text: '60.0ms → 182ms', style: 'warning' });
    expect(durationChange(0.0002, 0.0005)).toEqual({ text: '200µs → 500µs', style: 'text' });
    expect(ratioChange(0.001, 0.004).style).toBe('text');
    expect(ratioChange(0.01, 0.05).style).toBe('warning');
  });

  it('makes visible what an attacker wrote into it', () => {
    const evil = anEvent({ text: 'GET /\x1b]0;pwned\x07\u202e', details: 'a\x1b[2Jb\nc' });
    const text = draw({ kind: 'event', event: evil }, busy());
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('\\x1b]0;pwned\\x07\\u202e');
  });
});

describe('a client', () => {
  const target = { kind: 'client', list: 'addresses', value: '10.0.0.7' } as const;

  it('is named by its list', () => {
    expect(client.title(target)).toBe('client 10.0.0.7');
    expect(client.title({ ...target, list: 'userAgents', value: 'curl/8.5' })).toBe('agent curl/8.5');
  });

  it('says what it asks for and what it gets', () => {
    const text = draw(target, busy());
    expect(block(text, 'Paths')).toContain('GET /reports/{id}');
    expect(text).toContain('Mozilla/5.0 (X11; Linux x86_64)');
    expect(text).toMatch(/5xx .* 0\.42 %/);
  });

  it('shows what was thrown on the routes that failed for it, and that others count there too', () => {
    const text = draw(target, busy({ errors: [anErrorGroup()], paths: [aPath({ errorRatio: 0.5 })] }));
    expect(block(text, THROWN)).toContain('14× for all clients · at app/views.py:88 in report');
  });

  it('shows nothing of what was thrown at others', () => {
    const elsewhere = [aPath({ errorRatio: 0 }), aPath({ path: '/login', errorRatio: 1 })];
    expect(draw(target, busy({ errors: [anErrorGroup()], paths: elsewhere }))).not.toContain('ValueError');
  });
});

describe('the tracebacks', () => {
  const other = anErrorGroup({ fingerprint: 'f00d', type: 'KeyError', message: "'tenant'", count: 1 });

  it('are all there, each with its newest', () => {
    const text = draw({ kind: 'errors' }, busy({ errors: [anErrorGroup(), other] }));
    expect(text).toMatch(/ 14 .*ValueError .*\n.* 1 .*KeyError/);
    expect(block(text, THROWN)).toContain('number = int(argument)');
    expect(block(text, "✖ KeyError: 'tenant'")).toContain('1× · at app/views.py:88 in report');
  });

  it('say which logs hold them where there is none', () => {
    expect(draw({ kind: 'errors' }, busy({ errors: [] }))).toContain('--error-log');
  });
});
