import { describe, expect, it } from 'vitest';
import type { EventRow, Snapshot } from '../../../../src/model/snapshot.ts';
import { drawToText } from '../../../../src/ui/canvas/index.ts';
import { FULL_FORMAT } from '../../../../src/ui/notes.ts';
import { PANES, paneDigit } from '../../../../src/ui/panes/index.ts';
import { PANE_IDS } from '../../../../src/ui/state.ts';
import {
  aMaster,
  anAlert,
  anErrorGroup,
  anEvent,
  aPath,
  aSource,
  aWorker,
  busy,
  defaultFormat,
  hostile,
  iso,
  nothingKnown,
  quiet,
} from '../../../support/snapshots.ts';
import { contextOf, drawPane, drawPaneCells, figuresOf, lineWith } from './draw.ts';

describe('the table of panes', () => {
  it('numbers them 1 … 9, 0', () => expect(PANE_IDS.map(paneDigit).join('')).toBe('1234567890'));

  it.each(PANE_IDS)('%s explains every column and everything else', (id) => {
    const { id: own, table, help, summary } = PANES[id];
    expect(own).toBe(id);
    expect(summary).toMatch(/\.$/);
    const meanings = [...(table?.columns ?? []).map((column) => column.meaning), ...help.map((entry) => entry.meaning)];
    expect(meanings.length).toBeGreaterThan(0);
    for (const meaning of meanings) expect(meaning.length).toBeGreaterThan(8);
  });

  it.each(PANE_IDS)('%s draws every kind of Snapshot at every size without a fault', (id) => {
    const snapshots = [busy(), quiet(), defaultFormat(), nothingKnown(), hostile()];
    for (const snapshot of snapshots) {
      for (const width of [1, 2, 7, 20, 38, 60, 120, 300]) {
        for (const height of [1, 2, 3, 4, 5, 8, 17, 40])
          expect(drawPane(id, snapshot, width, height)).toHaveLength(height);
      }
    }
  });

  it.each(PANE_IDS)('%s has no 0 where nothing is known', (id) => {
    if (id === 'status' || id === 'clients') return; // counts of a window without requests are zero
    const text = drawPane(id, nothingKnown(), 100, 20).join('\n').replace('0 since start', '');
    expect(text).not.toMatch(/(^|[^\w.-])0([^\w.]|$)/);
    expect(figuresOf(id, nothingKnown())).not.toMatch(/(^| )0/);
  });
});

describe('traffic', () => {
  it('charts the requests with what happened under it', () => {
    const lines = drawPane('traffic', busy(), 60, 10);
    expect(lines[0]).toMatch(/^ {1}1\.\d\dk ┤|^ +│/);
    expect(lineWith(lines, '┼')).toMatch(/^ +0 ┼/);
    expect(lineWith(lines, '-2m00s')).toMatch(/-2m00s.*▲HUP.*✖timeout/);
    expect(lines.at(-1)).toBe(' 50.5k/min · 12.3MB/s · 2.40M since start');
    expect(figuresOf('traffic', busy())).toBe('842/s');
  });

  it('draws a quiet service as a line of zeros, and the unknown as nothing', () => {
    expect(drawPane('traffic', quiet(), 60, 10).join('')).toContain('────────');
    const unknown = drawPane('traffic', nothingKnown(), 60, 10).join('');
    expect(unknown).not.toContain('──');
    expect(unknown).toContain('no access log: use --log FILE');
  });

  it('marks everything that happened, and names what there is room for', () => {
    const timeout = anEvent({ kind: 'worker-timeout', level: 'critical', at: iso(36) });
    const timeLine = (...events: readonly EventRow[]): string =>
      lineWith(drawPane('traffic', busy({ events }), 60, 10), '-2m00s');
    expect(timeLine(anEvent({ kind: 'reload', at: iso(30) }), timeout)).toMatch(/✖ +▲HUP/);
    expect(timeLine(anEvent({ kind: 'reload', at: iso(36) }), timeout)).toMatch(/✖timeout/);
    expect(timeLine(anEvent({ kind: 'worker-boot' }))).not.toMatch(/[▲✖]/);
  });

  it.each([
    ['waiting', 'not found: waiting', '▲ access.log: not found: waiting'],
    ['denied', 'permission denied', '✖ access.log: permission denied'],
    ['deleted', null, '▲ access.log: not found: waiting'],
  ] as const)('says loudly that its log is %s', (state, message, text) => {
    const { ingest } = busy();
    const snapshot = quiet({ ingest: { ...ingest, sources: [aSource({ state, message })] } });
    expect(drawPane('traffic', snapshot, 50, 8).join('\n')).toContain(text);
  });

  it('calls silence a warning only while clients are connected', () => {
    const { ingest, traffic } = busy();
    const silent = { ...ingest, sources: [aSource({ lastLineAt: iso(12) })] };
    const styleOf = (activeConnections: number) =>
      drawPaneCells('traffic', busy({ ingest: silent, traffic: { ...traffic, activeConnections } }), 50, 8)
        .flat()
        .find((span) => span.text.includes('no line for 12s'))?.style;
    expect(styleOf(3)).toBe('warning');
    expect(styleOf(0)).toBe('unknown');
  });

  it('tells an empty log from a lost one', () => {
    const { ingest } = busy();
    const sources = [aSource({ linesRead: 0, linesParsed: 0, lastLineAt: null })];
    expect(drawPane('traffic', quiet({ ingest: { ...ingest, sources } }), 60, 8).join('')).toContain(
      'no line read from access.log yet',
    );
  });

  it('says when the log is not understood', () => {
    const { ingest } = busy();
    const sources = [aSource({ linesRead: 100, linesParsed: 40, linesRejected: 60 })];
    expect(drawPane('traffic', busy({ ingest: { ...ingest, sources } }), 90, 8).join('')).toContain(
      '60 lines of access.log not understood',
    );
  });
});

describe('latency', () => {
  it('shows the percentiles with their history', () => {
    const lines = drawPane('latency', busy(), 60, 8);
    expect(lines.slice(0, 4).map((line) => line.slice(0, 12))).toEqual([
      ' p50  21.0ms',
      ' p90  98.4ms',
      ' p95   182ms',
      ' p99   710ms',
    ]);
    expect(lines[2]).toMatch(/[▁▂▃▄▅▆▇]{20,} ≤\d+ms$/);
    expect(lines[4]).toBe(' max 9.81s · mean 44.1ms · n 50.5k');
    expect(figuresOf('latency', busy())).toBe('p95 182ms');
  });

  it('says how many samples a percentile lacks', () => {
    const few = {
      count: 12,
      excluded: 0,
      minSeconds: 0.1,
      meanSeconds: 0.1,
      p50Seconds: 0.1,
      p90Seconds: 0.2,
      p95Seconds: null,
      p99Seconds: null,
      maxSeconds: 0.2,
    };
    const lines = drawPane('latency', busy({ latency: few }), 60, 8);
    expect(lines[2]).toMatch(/p95 +n<20/);
    expect(lines[3]).toMatch(/p99 +n<100/);
  });

  it('shows the line to paste when the log has no durations, in one piece where it fits', () => {
    expect(drawPane('latency', defaultFormat(), 120, 20).map((line) => line.trim())).toContain(FULL_FORMAT);
    const narrow = drawPane('latency', defaultFormat(), 50, 8).join(' ').replace(/ +/g, ' ');
    expect(narrow).toContain(FULL_FORMAT);
    const small = drawPane('latency', defaultFormat(), 38, 4).join(' ');
    expect(small).toMatch(/no durations.*z zooms/s);
  });

  it('says that the unit is assumed', () => {
    const { ingest } = busy();
    const sources = [aSource({ format: null, durationUnitAssumed: true })];
    expect(drawPane('latency', busy({ ingest: { ...ingest, sources } }), 60, 8).join('')).toContain('unit assumed: µs');
  });

  it('owns up to what it counts and what it leaves out', () => {
    const { latency } = busy();
    const lines = drawPane('latency', busy({ latency: latency && { ...latency, excluded: 7 } }), 70, 9).join('\n');
    expect(lines).toContain('2 killed by timeout: counted as ≥ the timeout');
    expect(lines).toContain('7 excluded: duration made up by Gunicorn');
  });

  it('is not the fault of the format when there was no request', () => {
    expect(drawPane('latency', quiet(), 60, 8)[0]).toBe(' no request in the window');
  });
});

describe('status', () => {
  it('gives up the module of an exception for the place where it was thrown', () => {
    const errors = [
      anErrorGroup({ type: 'shop.payments.PaymentError', frame: 'shop/payments.py:41 in charge', message: 'no' }),
    ];
    const at = (width: number) => lineWith(drawPane('status', busy({ errors }), width, 8), 'PaymentError');
    expect(at(80)).toBe(' 14× shop.payments.PaymentError shop/payments.py:41 in charge: no');
    expect(at(52)).toBe(' 14× PaymentError shop/payments.py:41 in charge: no');
  });

  it('shows classes with share and rate, then the codes', () => {
    const lines = drawPane('status', busy(), 60, 8);
    expect(lines[0]).toMatch(/^ 2xx █+.? +96\.1 % +809\/s$/);
    expect(lines[3]).toMatch(/^ 5xx ▏ +0\.42 % +3\.53\/s$/);
    expect(lines[4]).toMatch(/^ 2 timeouts · 302 20\.0\/s · 404 7\.00\/s/);
  });

  it('has no share of nothing', () => expect(drawPane('status', quiet(), 60, 8)[0]).toMatch(/2xx +– +0\/s/));
});

describe('paths', () => {
  it('say in the place of a percentile why there is none: too few requests, or nothing known', () => {
    const rows = [
      aPath({ path: '/few', p50Seconds: 0.1, p95Seconds: null, maxSeconds: 0.2 }),
      aPath({ path: '/one', p50Seconds: null, p95Seconds: null, maxSeconds: 0.2 }),
      aPath({ path: '/unknown', p50Seconds: null, p95Seconds: null, maxSeconds: null }),
    ];
    const lines = drawPane('paths', busy({ paths: rows }), 90, 6);
    expect(lineWith(lines, '/few')).toMatch(/100ms +n<20 +200ms/);
    expect(lineWith(lines, '/one')).toMatch(/n<2 +n<20 +200ms/);
    expect(lineWith(lines, '/unknown')).toMatch(/– +– +–/);
  });

  it('has the routes that take most worker time first', () => {
    const lines = drawPane('paths', busy(), 100, 8);
    expect(lines[0]).toBe('  TIME%▽           REQ/S  COUNT  ERR%    P50    P95    MAX  BYTES/S PATH');
    expect(lines[1]).toBe('>   71.2 █████▊     12.1    726     0  2.10s  3.90s  9.81s   1.20MB GET /reports/{id}');
    expect(figuresOf('paths', busy())).toBe('6 of 512');
  });

  it('goes by requests when durations are unknown', () => {
    const lines = drawPane('paths', defaultFormat(), 100, 8);
    expect(lines[0]).toContain('REQ/S▽');
    expect(lines[1]).toMatch(/^> +– ████ +420 .* GET \/$/);
  });

  it('keeps the path when it gets narrow', () => {
    expect(drawPane('paths', busy(), 58, 2)[0]).toBe('  TIME%▽  REQ/S  ERR%    P95 PATH');
    expect(drawPane('paths', busy(), 30, 8)[1]).toBe('> GET /reports/{id}');
  });

  it('names what Gunicorn did not log', () => {
    expect(drawPane('paths', busy({ paths: [aPath({ path: null })] }), 100, 2)[1]).toContain('GET (path not logged)');
  });

  it('draws 10,000 of them and follows the selection', () => {
    const paths = Array.from({ length: 10_000 }, (_, index) =>
      aPath({ path: `/p${index}`, timeRatio: 1 / (index + 1) }),
    );
    const tables = { paths: { sort: null, reversed: false, selected: { key: 'GET /p9999', index: 0 } } };
    expect(drawPane('paths', busy({ paths }), 100, 20, { tables }).at(-1)).toMatch(/^>.*GET \/p9999 +▐$/);
  });
});

describe('workers', () => {
  it('say what permission they need in as many words as there is room for', () => {
    const blind = busy({ workers: [aWorker({ pssBytes: null, heartbeatAgeSeconds: null, masterPid: 26188 })] });
    const at = (width: number) => lineWith(drawPane('workers', blind, width, 8), 'permission denied');
    expect(at(70)).toBe(" ▲ permission denied: run gtop as root or as Gunicorn's user");
    expect(at(48)).toBe(' ▲ permission denied: needs root or its user');
  });

  it('say of one that the last look found busy for the first time what is known: less than a second', () => {
    const lines = drawPane('workers', busy({ workers: [aWorker({ state: 'busy', busySeconds: 0 })] }), 70, 6);
    expect(lines[1]).toMatch(/busy +<1s/);
  });

  it('says who is busy, since when', () => {
    const lines = drawPane('workers', busy(), 68, 12);
    expect(lines[0]).toContain('PID△ STATE       FOR  CPU%   PSS   RSS THR REQ/S   BEAT    AGE');
    expect(lines[1]).toMatch(/^> +26197 busy +38\.2s +99\.1 +182M +212M +8 +3\.10 +412ms +3d04h$/);
    expect(figuresOf('workers', busy())).toBe('4 of 4 · 4 busy · queue 20/2048');
  });

  it('say that requests which still run are not among what is used, where all are held by such', () => {
    const held = (utilizationRatio: number, busySeconds: number): string => {
      const { saturation } = busy();
      const rows = [26197, 26198].map((pid) => aWorker({ pid, state: 'busy', busySeconds }));
      const snapshot = busy({ workers: rows, saturation: { ...saturation, utilizationRatio, offeredErlangs: 0 } });
      return lineWith(drawPane('workers', snapshot, 50, 14), 'used');
    };
    expect(held(0, 20)).toContain('0 % · ended ones only');
    expect(held(0, 1)).toContain('0 % · 0 of 32 threads');
    expect(held(0.9, 20)).not.toContain('ended ones only');
  });

  it('shows how full they are, where there is room', () => {
    const text = drawPane('workers', busy(), 80, 14).join('\n');
    expect(text).toMatch(/used +█+▍? +97\.0 % · 31\.0 of 32 threads · wait 400ms/);
    expect(text).toMatch(/queue +[▁▂▃▄▅▆▇]+ ≤20/);
    expect(text).toContain('PSS in all 751M · exits 6 (2 timeout, 4 reload)');
    // What nobody asked for is told where there is no room for all.
    expect(drawPane('workers', busy(), 46, 14).join('\n')).toContain('exits 6 (2 timeout, …)');
    expect(drawPane('workers', busy(), 34, 14).join('\n')).toMatch(/PSS in all 751M · exits 6 *$/m);
  });

  it('gives no line below to anything while a worker is out of sight', () => {
    expect(drawPane('workers', busy(), 68, 5).at(-1)).toContain('26201');
  });

  it('warns as a worker comes near its timeout', () => {
    const style = (busySeconds: number, timeoutSeconds: number) =>
      drawPaneCells(
        'workers',
        busy({ workers: [aWorker({ state: 'busy', busySeconds })], masters: [aMaster({ timeoutSeconds })] }),
        68,
        2,
      )[1]?.find((span) => span.text.includes(`${busySeconds}`))?.style;
    expect(style(14.5, 30)).toBe('text');
    expect(style(15.5, 30)).toBe('warning');
    expect(style(24.5, 30)).toBe('critical');
    expect(style(95.5, 0)).toBeUndefined(); // shown as 1m36s, in no alarming colour
  });

  it('says what it may not see', () => {
    const blind = busy().workers.map((row) => ({
      ...row,
      state: 'unknown' as const,
      pssBytes: null,
      heartbeatAgeSeconds: null,
    }));
    const text = drawPane('workers', busy({ workers: blind }), 80, 10).join('\n');
    expect(text).toContain("permission denied: run gtop as root or as Gunicorn's user");
    expect(text).toContain('PSS in all –');
  });

  it('tells two generations apart', () => {
    const old = aMaster({ pid: 100, role: 'old' });
    const rows = [aWorker({ pid: 1, masterPid: 100 }), aWorker({ pid: 2 })];
    const snapshot = busy({ workers: rows, masters: [aMaster(), old] });
    expect(drawPane('workers', snapshot, 80, 8).join('\n')).toContain(
      'two masters: 1 of 2 workers belong to another one',
    );
    expect(drawPane('workers', snapshot, 120, 8)[0]).toContain('MASTER');
  });

  it('says that a reload is under way', () => {
    const rows = [aWorker({ pid: 1, state: 'exiting' }), aWorker({ pid: 2 })];
    expect(drawPane('workers', busy({ workers: rows }), 80, 8).join('\n')).toContain('1 of 2 workers are exiting');
  });

  it('says why there are none', () => {
    expect(drawPane('workers', nothingKnown(), 60, 4)[1]).toContain('no master watched: use --pid FILE');
    expect(drawPane('workers', quiet({ workers: [] }), 60, 4)[1]).toContain('the master has no worker');
    expect(drawPane('workers', quiet({ workers: [], master: null }), 60, 4)[1]).toContain('the master is gone');
  });
});

describe('alerts', () => {
  it('has what fires first, the worst at the top', () => {
    const lines = drawPane('alerts', busy(), 64, 5, {});
    expect(lines[1]).toMatch(/✖ HighErrorRate +5xx 6\.1 % > 5 % +4m10s$/);
    expect(lines[2]).toMatch(/▲ HighLatency .* 48s$/);
    expect(lines[3]).toMatch(/◌ Saturated/);
    expect(figuresOf('alerts', busy())).toBe('✖ 2 firing · 1 pending');
  });

  it('does not look calm when a monitor has lost its data', () => {
    const alerts = [anAlert({ state: 'nodata' })];
    expect(drawPane('alerts', busy({ alerts }), 64, 5)[1]).toMatch(/– HighErrorRate/);
    expect(figuresOf('alerts', busy({ alerts }))).toBe('1 no data');
  });

  it('says that all is well', () => expect(drawPane('alerts', quiet(), 64, 5)[0]).toBe(' ● no alert'));

  it('has room for all that the verdict is made of, zoomed also for a headline that the screen cuts', () => {
    const causes = [
      { kind: 'saturated', level: 'critical', text: '2/2 workers busy for 13 s · 7 waiting to be accepted' },
      { kind: 'no-durations', level: 'warning', text: 'the access log has no durations' },
    ] as const;
    const snapshot = quiet({ verdict: { level: 'critical', text: causes[0].text, causes } });
    expect(drawPane('alerts', snapshot, 44, 6)).toEqual([
      ' ● no alert',
      '',
      '',
      '',
      ' Also found',
      ' ▲ the access log has no durations',
    ]);
    expect(drawPane('alerts', snapshot, 44, 6, { zoomed: true }).slice(2)).toEqual([
      ' Verdict',
      ' ✖ 2/2 workers busy for 13 s · 7 waiting to',
      '   be accepted',
      ' ▲ the access log has no durations',
    ]);
  });
});

describe('events, slow requests, clients', () => {
  it('has the newest event at the top', () => {
    const lines = drawPane('events', busy(), 100, 4);
    expect(lines[1]).toBe('> 12:03:24 ● worker 26201 booted');
    expect(lines[2]).toContain('12:03:22 ✖ worker 26190 killed: timeout after 30 s in GET /reports/9912');
  });

  it('shows a killed request as at least so long, and without a status', () => {
    expect(drawPane('slow', busy(), 100, 4)[1]).toMatch(
      /^> +≥30\.0s 12:03:33 +– +26190 +– 10\.0\.0\.7 +GET \/reports\/9912$/,
    );
  });

  it('shows who sends most, and one list at a time', () => {
    const lines = drawPane('clients', busy(), 100, 5);
    expect(lines[0]).toMatch(/^ \[Addresses\] {2}User agents {3}Methods {3}Referrers\b/);
    expect(lines[2]).toMatch(/30\.0k +500 +59\.4 █+ +500MB 10\.0\.0\.7$/);
    expect(drawPane('clients', busy(), 100, 5, { clientList: 'methods' })[2]).toMatch(/GET$/);
    expect(figuresOf('clients', busy())).toBe('812 distinct');
  });
});

describe('system', () => {
  it('shows the host', () => {
    const lines = drawPane('system', busy(), 90, 14);
    expect(lineWith(lines, 'CPU')).toMatch(/CPU +█+.? +61\.3 % · 4 CPUs/);
    expect(lineWith(lines, 'memory')).toContain('39.4 % · 6.10G of 15.5G · 9.40G available');
    expect(lineWith(lines, 'load')).toContain('4.21  3.80  2.95');
    expect(lineWith(lines, 'disk')).toContain('83.0 % · / · 61.8G of 74.5G');
    expect(lineWith(lines, 'network')).toContain('1.84MB/s in · 12.9MB/s out');
  });

  it('shows health checks with their parts, and the numbers of the application', () => {
    const text = drawPane('system', busy(), 90, 16).join('\n');
    expect(text).toMatch(/web +▲ degraded · 200 · 12\.3ms/);
    expect(text).toMatch(/cache +▲ degraded · slow: 210 ms/);
    expect(text).toMatch(/412 +orders_open\{shop=north\}/);
  });
});

describe('panes as one line', () => {
  const line = (id: 'traffic' | 'latency' | 'status' | 'alerts', snapshot = busy(), width = 66): string =>
    drawToText((surface) => PANES[id].line?.(surface, contextOf(snapshot)), width, 1)[0] ?? '';

  it('have the figures and a picture', () => {
    expect(line('traffic')).toMatch(/^842\/s +12\.3MB\/s +[▁▂▃▄▅▆▇]+ ≤1\.\d\dk$/);
    expect(line('latency')).toMatch(/^p50 21\.0ms +p95 182ms +p99 710ms +[▁▂▃▄▅▆▇]+ ≤\d+ms$/);
    expect(line('status')).toMatch(/^2xx 96\.1% +3xx 2\.38% +4xx 1\.10% +5xx 0\.42% +░+▒▓█$/);
    expect(line('latency', defaultFormat())).toBe('no durations in the access log: the keys 2 z show how to get them');
    const untrue = { ...busy().latency, count: 0, excluded: 218, p50Seconds: null } as Snapshot['latency'];
    expect(line('latency', busy({ latency: untrue }))).toBe(
      'none is true: Gunicorn made up 218, of requests that failed',
    );
    expect(line('alerts')).toBe('✖ HighErrorRate 5xx 6.1 % > 5 %  ▲ HighLatency  ◌ Saturated');
  });

  it('say what is missing', () => {
    expect(line('traffic', nothingKnown())).toContain('no access log');
    expect(line('latency', defaultFormat())).toContain('no durations in the access log');
    expect(line('latency', quiet())).toBe('no request in the window');
    expect(line('alerts', quiet())).toBe('● no alert');
  });
});

it('a route of which every duration is made up has an unknown share of the time, and none of 0 %', () => {
  const failing = aPath({ path: '/items/{id}', timeRatio: 0, p50Seconds: null, p95Seconds: null, maxSeconds: null });
  const quick = aPath({ path: '/health', timeRatio: 0, maxSeconds: 0.000_001 });
  const rows = drawPane('paths', busy({ paths: [failing, quick] }), 78, 5);
  expect(lineWith(rows, '/items/{id}')).toMatch(/^[> ] +– /);
  expect(lineWith(rows, '/health')).toMatch(/^[> ] +0 /);
});

describe('numbers at their ends', () => {
  const extremes = [0, 1e-7, 0.004, 0.01, 0.9999, 1, 9.999, 59.99, 99.99, 999.96, 1000, 9999, 10_000, 65_536, 1e6, 1e9];
  const workers = extremes.map((value, index) =>
    aWorker({
      pid: 4_194_304 - index,
      cpuPercent: Math.min(value, 6400),
      busySeconds: value,
      heartbeatAgeSeconds: value,
      secondsToKill: value,
      ageSeconds: value,
      threads: Math.floor(value),
      connections: Math.floor(value),
      fds: Math.floor(value),
      requestsPerSecond: value,
      pssBytes: value * 1e3,
      rssBytes: value * 1e3,
      ussBytes: value * 1e3,
    }),
  );
  const paths = extremes.map((value, index) =>
    aPath({
      path: `/${index}`,
      timeRatio: Math.min(1, value),
      errorRatio: Math.min(1, value),
      count: Math.ceil(value),
      requestsPerSecond: value,
      bytes: Math.ceil(value * 1e6),
      p50Seconds: value,
      p95Seconds: value,
      maxSeconds: value,
    }),
  );

  it.each(['workers', 'paths'] as const)('are never cut in the %s: half a number is another one', (pane) => {
    for (const width of [38, 58, 78, 110, 158, 220]) {
      const lines = drawPane(pane, busy({ workers, paths }), width, 18);
      expect(lines.filter((row) => row.includes('…'))).toEqual([]);
    }
  });

  it('shows every worker of an event loop at its limit of connections', () => {
    const limit = busy({ workers: [aWorker({ connections: 1000, fds: 1024, threads: 1200 })] });
    expect(drawPane('workers', limit, 158, 4)[1]).toMatch(/ 1k 1000 1024 /);
  });

  it('says the state of an alert in a word beside its sign, where the pane is wide', () => {
    const alerts = (['firing', 'pending', 'nodata', 'resolved'] as const).map((state) =>
      anAlert({ name: state, state }),
    );
    const rows = drawPane('alerts', busy({ alerts }), 78, 12);
    expect(lineWith(rows, ' nodata ')).toMatch(/– no data {2}nodata/);
    expect(lineWith(rows, 'resolved')).toMatch(/● resolved resolved/);
    expect(drawPane('alerts', busy({ alerts }), 64, 12).join('\n')).not.toContain('no data  nodata');
  });

  it('has room for the whole of an address and of the name of an alert, where the pane is wide', () => {
    const clientAddress = '2001:db8:85a3:8d3:1319:8a2e:370:7348';
    expect(drawPane('workers', busy({ workers: [aWorker({ clientAddress })] }), 158, 4)[1]).toContain(clientAddress);
    const name = 'CheckoutLatencyBudgetBurnsFast';
    expect(drawPane('alerts', busy({ alerts: [anAlert({ name })] }), 158, 8).join('\n')).toContain(name);
  });
});

describe('a moment of the past', () => {
  const past = { recordedAt: iso(5), recordedFrom: iso(600) };
  const group = anErrorGroup();
  const errors = { errors: [group], errorTotals: { count: 14, groups: 1, groupsNotShown: 0 } };

  it('shows no count of now as if it were of then', () => {
    expect(drawPane('traffic', busy()).join('\n')).toContain('since start');
    expect(drawPane('traffic', busy({ past })).join('\n')).not.toContain('since start');
  });

  it('is not where the count of what passes a filter begins: that is said', () => {
    const from = iso(120);
    const filtered = busy({ filter: 'worker=7', filterCoverage: { from, reading: false } });
    expect(drawPane('traffic', filtered).at(-1)).toBe(' 50.5k/min · 12.3MB/s · 2.40M since 12:01:44');
    const unread = busy({ filter: 'worker=7', filterCoverage: { from: null, reading: true } });
    expect(drawPane('traffic', unread).at(-1)).toBe(' 50.5k/min · 12.3MB/s');
  });

  it('shows no count of errors of now as if it were of then', () => {
    expect(drawPane('status', busy({ past, ...errors }), 80, 9).join('\n')).toContain(`${group.count}× by now`);
    expect(drawPane('status', busy({ past, ...errors }), 80, 24).join('\n')).toContain('14 in 1 group by now');
  });

  it('says why nothing is known of the machine, in place of a dash for each of its figures', () => {
    const unkept = drawPane('system', busy({ past: { recordedAt: null, recordedFrom: null } })).join('\n');
    expect(unkept).toContain('how it was at this moment was not kept');
    expect(unkept).not.toContain('swap');
    expect(drawPane('system', busy({ replay: { speed: 20, ended: false } })).join('\n')).toContain(
      'no machine to look at',
    );
    expect(drawPane('system', busy({ past })).join('\n')).toContain('swap');
  });

  it('is not told to have been calm, nor to have had no workers, where that was not kept', () => {
    const nothing = { alerts: [], workers: [], master: null, masters: [], paths: [] };
    const traffic = { ...busy().traffic, requests: 0, requestsPerSecond: null };
    const unkept = busy({ ...nothing, traffic, past: { recordedAt: null, recordedFrom: null } });
    const shown = (pane: Parameters<typeof drawPane>[0]) => drawPane(pane, unkept).join('\n');
    expect(shown('alerts')).toContain('– alerts of this moment were not kept');
    expect(shown('alerts')).not.toContain('●');
    expect(shown('workers')).toContain('workers of this moment were not kept');
    expect(shown('paths')).toContain('requests of this moment were not kept');
    expect(drawPane('alerts', busy({ alerts: [], past })).join('\n')).toContain('● no alert');
  });

  it('says when its workers were looked at, and what stands at the right end of its charts', () => {
    expect(figuresOf('workers', busy({ past }))).toMatch(/ · as of 12:03:39$/);
    expect(figuresOf('workers', busy({ past: { ...past, recordedAt: iso(1) } }))).not.toContain('as of');
    expect(figuresOf('workers', busy())).not.toContain('as of');
    const chart = drawPane('traffic', busy({ past, events: [] })).join('\n');
    expect(chart).toMatch(/ then$/m);
    expect(chart).not.toMatch(/ now$/m);
  });
});

it('the clients name the keys that switch between their lists, where keys go to them', () => {
  expect(drawPane('clients', busy())[0]).toMatch(/Referrers +←→$/);
  const context = contextOf(busy());
  expect(drawToText((surface) => PANES.clients.draw(surface, context, false), 80, 5)[0]).not.toContain('←');
});
