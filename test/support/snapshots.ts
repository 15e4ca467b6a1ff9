/** Snapshots as the engine would make them, for tests of what shows them. All times hang on one moment. */
import { noExits } from '../../src/model/exit-rules.ts';
import type {
  AlertRow,
  ErrorGroup,
  EventRow,
  ExitReason,
  HeatMap,
  MasterInfo,
  PathRow,
  Snapshot,
  SourceInfo,
  WorkerInfo,
} from '../../src/model/snapshot.ts';

/** 2026-11-21T12:03:44Z. */
export const NOW_MS = Date.UTC(2026, 10, 21, 12, 3, 44);
export const iso = (secondsAgo: number, nowMs = NOW_MS): string => new Date(nowMs - secondsAgo * 1000).toISOString();

const POINTS = 120;

/** A repeatable wave: `base` and `swing` about it. */
const wave = (base: number, swing: number, phase = 0): number[] =>
  Array.from(
    { length: POINTS },
    (_, index) => base + swing * Math.sin((index + phase) / 9) + swing * 0.3 * Math.sin(index * 1.7),
  );

export function aWorker(over: Partial<WorkerInfo> = {}): WorkerInfo {
  return {
    pid: 26197,
    masterPid: 26188,
    startedAt: iso(273_600),
    ageSeconds: 273_600,
    state: 'idle',
    busySeconds: null,
    clientAddress: null,
    busyThreads: 0,
    stuckThreads: 0,
    connections: 0,
    cpuPercent: 2.04,
    rssBytes: 212 * 2 ** 20,
    pssBytes: 182 * 2 ** 20,
    ussBytes: 160 * 2 ** 20,
    vmsBytes: 900 * 2 ** 20,
    osState: 'S',
    threads: 8,
    fds: 31,
    heartbeatAgeSeconds: 0.412,
    secondsToKill: 29.588,
    activity: null,
    memorySlopeBytesPerHour: null,
    requestsTotal: 61_204,
    requestsPerSecond: 3.1,
    ...over,
  };
}

export function aMaster(over: Partial<MasterInfo> = {}): MasterInfo {
  return {
    pid: 26188,
    role: 'current',
    startedAt: iso(273_660),
    app: 'app:app',
    version: '26.2.0',
    workerClass: 'gthread',
    workersTarget: 4,
    threads: 8,
    timeoutSeconds: 30,
    listeners: ['127.0.0.1:8000'],
    pidFile: '/run/gunicorn.pid',
    cpuPercent: 0.1,
    rssBytes: 31 * 2 ** 20,
    pssBytes: 23.4 * 2 ** 20,
    vmsBytes: 80 * 2 ** 20,
    osState: 'S',
    ...over,
  };
}

export function aSource(over: Partial<SourceInfo> = {}): SourceInfo {
  return {
    path: '/var/log/gunicorn/access.log',
    kind: 'access',
    state: 'live',
    format: '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %(p)s',
    durationUnit: 'microseconds',
    durationUnitAssumed: false,
    bytesRead: 402_000_000,
    lagBytes: 0,
    linesRead: 2_401_233,
    linesParsed: 2_401_233,
    linesRejected: 0,
    message: null,
    lastLineAt: iso(0),
    ...over,
  };
}

export function aPath(over: Partial<PathRow> = {}): PathRow {
  return {
    method: 'GET',
    path: '/reports/{id}',
    count: 726,
    requestsPerSecond: 12.1,
    bytes: 72_000_000,
    errorRatio: 0,
    p50Seconds: 2.1,
    p95Seconds: 3.9,
    maxSeconds: 9.81,
    timeRatio: 0.712,
    ...over,
  };
}

export function anAlert(over: Partial<AlertRow> = {}): AlertRow {
  return {
    name: 'HighErrorRate',
    severity: 'critical',
    state: 'firing',
    value: 0.061,
    threshold: 0.05,
    since: iso(250),
    summary: '5xx 6.1 % > 5 %',
    labels: {},
    fingerprint: '00c0ffee00c0ffee',
    source: 'builtin',
    expression: null,
    annotations: {},
    notices: [],
    ...over,
  };
}

export function anEvent(over: Partial<EventRow> = {}): EventRow {
  return {
    at: iso(20),
    kind: 'worker-boot',
    level: 'ok',
    worker: 26201,
    method: null,
    path: null,
    text: 'worker 26201 booted',
    details: null,
    ...over,
  };
}

const exits = (counts: Partial<Record<ExitReason, number>> = {}): Snapshot['workerExits'] => {
  const byReason = { ...noExits(), ...counts };
  return { byReason, total: Object.values(byReason).reduce((sum, count) => sum + count, 0) };
};

/** A service at 842 requests a second whose reports keep all workers busy. */
export function busy(over: Partial<Snapshot> = {}): Snapshot {
  const workers = [26197, 26198, 26199, 26201].map((pid, index) =>
    aWorker({
      pid,
      state: 'busy',
      busySeconds: [38.2, 12, 4.4, 0.81][index] ?? null,
      cpuPercent: [99.1, 2.04, 45, 0.3][index] ?? null,
      clientAddress: '10.0.0.7',
      connections: index + 1,
      ageSeconds: index === 3 ? 20 : 273_600,
    }),
  );
  return {
    schemaVersion: 1,
    gtop: { version: '0.1.0', pid: 4711, cpuPercent: 1.1, rssBytes: 78 * 2 ** 20 },
    generatedAt: iso(0),
    window: { seconds: 60, from: iso(60), to: iso(0) },
    filter: null,
    filterCoverage: null,
    verdict: {
      level: 'critical',
      text: '4/4 workers busy for 38 s · 20 waiting to be accepted · 71 % of worker time in GET /reports/{id}',
      causes: [{ kind: 'saturated', level: 'critical', text: '4/4 workers busy for 38 s' }],
    },
    master: aMaster(),
    masters: [aMaster()],
    workers,
    workerExits: exits({ timeout: 2, reload: 4 }),
    saturation: {
      busyWorkers: 4,
      capacity: 32,
      utilizationRatio: 0.97,
      offeredErlangs: 31,
      backlog: 20,
      backlogLimit: 2048,
      estimatedQueueSeconds: 0.4,
      recommendedWorkers: 6,
      recommendationText: '6 workers would keep utilisation below 70 %',
    },
    traffic: {
      requestsTotal: 2_401_233,
      errorsTotal: 5_120,
      bytesTotal: 31_000_000_000,
      requests: 50_520,
      requestsPerSecond: 842,
      requestsPerMinute: 50_520,
      bytes: 738_000_000,
      bytesPerSecond: 12_300_000,
      activeConnections: 37,
    },
    latency: {
      count: 50_520,
      excluded: 0,
      minSeconds: 0.00041,
      meanSeconds: 0.0441,
      p50Seconds: 0.021,
      p90Seconds: 0.0984,
      p95Seconds: 0.182,
      p99Seconds: 0.71,
      maxSeconds: 9.81,
    },
    status: {
      classes: { '1xx': 0, '2xx': 48_550, '3xx': 1_202, '4xx': 556, '5xx': 212 },
      codes: { '200': 48_400, '204': 150, '302': 1_202, '404': 420, '400': 136, '500': 180, '502': 32 },
      clientErrorRatio: 0.011,
      serverErrorRatio: 0.0042,
      timeouts: 2,
      timeoutRatio: 0.00004,
    },
    paths: [
      aPath(),
      aPath({
        path: '/',
        count: 25_200,
        requestsPerSecond: 420,
        bytes: 240_000_000,
        errorRatio: 0.001,
        p50Seconds: 0.018,
        p95Seconds: 0.06,
        maxSeconds: 0.31,
        timeRatio: 0.094,
      }),
      aPath({
        method: 'POST',
        path: '/api/v1/orders',
        count: 3_120,
        requestsPerSecond: 52,
        bytes: 9_000_000,
        errorRatio: 0.064,
        p50Seconds: 0.11,
        p95Seconds: 0.44,
        maxSeconds: 2.41,
        timeRatio: 0.081,
      }),
      aPath({
        path: '/api/v1/users/{id}',
        count: 9_870,
        requestsPerSecond: 164.5,
        bytes: 41_000_000,
        errorRatio: 0.012,
        p50Seconds: 0.009,
        p95Seconds: 0.031,
        maxSeconds: 0.2,
        timeRatio: 0.052,
      }),
      aPath({
        path: '/static/{id}.js',
        count: 11_000,
        requestsPerSecond: 183,
        bytes: 371_000_000,
        errorRatio: 0,
        p50Seconds: 0.00041,
        p95Seconds: 0.0012,
        maxSeconds: 0.012,
        timeRatio: 0.0031,
      }),
      aPath({
        path: '/healthz',
        count: 15,
        requestsPerSecond: 0.25,
        bytes: 300,
        errorRatio: 0,
        p50Seconds: 0.0007,
        p95Seconds: null,
        maxSeconds: 0.001,
        timeRatio: 0.00001,
      }),
    ],
    clients: {
      addresses: [
        { value: '10.0.0.7', count: 30_000, bytes: 500_000_000 },
        { value: '2001:db8::1', count: 20_000, bytes: 200_000_000 },
      ],
      userAgents: [{ value: 'Mozilla/5.0 (X11; Linux x86_64)', count: 42_000, bytes: 600_000_000 }],
      methods: [
        { value: 'GET', count: 47_000, bytes: 729_000_000 },
        { value: 'POST', count: 3_520, bytes: 9_000_000 },
      ],
      referrers: [{ value: 'https://example.org/', count: 12_000, bytes: 100_000_000 }],
      distinct: { addresses: 812, userAgents: 96, methods: 4, referrers: 51, paths: 512 },
    },
    slow: [
      {
        at: iso(11),
        method: 'GET',
        path: '/reports/9912',
        status: null,
        seconds: 30,
        bytes: null,
        address: '10.0.0.7',
        worker: 26190,
      },
      {
        at: iso(4),
        method: 'GET',
        path: '/reports/4',
        status: 200,
        seconds: 9.81,
        bytes: 100_000,
        address: '10.0.0.7',
        worker: 26197,
      },
    ],
    servedBy: [
      { worker: 26197, count: 13_100, errors: 190 },
      { worker: 26190, count: 840, errors: 2 },
    ],
    errors: [],
    errorTotals: { count: 0, groups: 0, groupsNotShown: 0 },
    watched: [],
    deploys: [],
    events: [
      anEvent(),
      anEvent({
        at: iso(22),
        kind: 'worker-timeout',
        level: 'critical',
        worker: 26190,
        method: 'GET',
        path: '/reports/9912',
        text: 'worker 26190 killed: timeout after 30 s in GET /reports/9912 (app/views.py:88)',
      }),
      anEvent({
        at: iso(80),
        kind: 'reload',
        level: 'ok',
        worker: null,
        text: 'reload (HUP): 4 workers replaced in 2.1 s · p95 +34 % since',
      }),
    ],
    alertHistory: [],
    rules: null,
    alerts: [
      anAlert(),
      anAlert({
        name: 'HighLatency',
        severity: 'warning',
        summary: 'p95 1.2 s > 1 s',
        since: iso(48),
        value: 1.2,
        threshold: 1,
      }),
      anAlert({
        name: 'Saturated',
        state: 'pending',
        summary: 'utilisation 97 % > 90 %',
        since: iso(6),
        value: 0.97,
        threshold: 0.9,
      }),
    ],
    health: [
      {
        name: 'web',
        target: 'http://127.0.0.1:8000/healthz',
        up: true,
        status: 'degraded',
        statusCode: 200,
        seconds: 0.0123,
        checkedAt: iso(3),
        error: null,
        checks: [
          { name: 'database', status: 'ok', level: 'ok', message: null },
          { name: 'cache', status: 'degraded', level: 'degraded', message: 'slow: 210 ms' },
        ],
      },
    ],
    custom: [{ source: 'shop', name: 'orders_open', labels: { shop: 'north' }, value: 412 }],
    endpoints: [
      {
        name: 'shop',
        target: 'http://127.0.0.1:8000/metrics',
        form: 'prometheus',
        series: 1,
        dropped: 0,
        rejected: 0,
        seconds: 0.0041,
        checkedAt: iso(3),
        error: null,
      },
    ],
    statsd: null,
    control: null,
    system: {
      cpuPercent: 61.3,
      loadAverage: [4.21, 3.8, 2.95],
      memoryUsedBytes: 6.1 * 2 ** 30,
      memoryAvailableBytes: 9.4 * 2 ** 30,
      memoryTotalBytes: 15.5 * 2 ** 30,
      swapUsedBytes: 0,
      diskUsedRatio: 0.83,
      disks: [{ mount: '/', device: '/dev/vda1', totalBytes: 80e9, usedBytes: 66.4e9, usedRatio: 0.83 }],
      networkReceivedBytesPerSecond: 1_840_000,
      networkSentBytesPerSecond: 12_900_000,
      cpuCount: 4,
      cpuModel: 'AMD EPYC 7763 64-Core Processor',
      operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
      hostname: 'web-1',
    },
    ingest: {
      sources: [
        aSource(),
        aSource({ path: '/var/log/gunicorn/error.log', kind: 'error', format: null, durationUnit: null }),
      ],
      linesRead: 2_401_333,
      linesParsed: 2_401_333,
      linesRejected: 0,
      linesTruncated: 0,
      rotations: 1,
      truncations: 0,
      possiblyLostBytes: 0,
    },
    series: {
      stepSeconds: 1,
      from: iso(POINTS),
      requestsPerSecond: wave(842, 250),
      bytesPerSecond: wave(12e6, 4e6),
      p50Seconds: wave(0.021, 0.008, 3),
      p90Seconds: wave(0.098, 0.03, 5),
      p95Seconds: wave(0.182, 0.06, 7),
      p99Seconds: wave(0.71, 0.3, 9),
      clientErrorRatio: wave(0.011, 0.004),
      serverErrorRatio: wave(0.0042, 0.002),
      busyWorkers: wave(3, 1).map(Math.round),
      backlog: wave(8, 9).map((value) => Math.max(0, Math.round(value))),
    },
    heatMap: null,
    ...over,
  };
}

const noSeries = (value: number | null): Snapshot['series'] => {
  const all = new Array<number | null>(POINTS).fill(value);
  const none = new Array<number | null>(POINTS).fill(null);
  return {
    stepSeconds: 1,
    from: iso(POINTS),
    requestsPerSecond: all,
    bytesPerSecond: all,
    p50Seconds: none,
    p90Seconds: none,
    p95Seconds: none,
    p99Seconds: none,
    clientErrorRatio: none,
    serverErrorRatio: none,
    busyWorkers: all,
    backlog: all,
  };
};

/** All is well and nobody asks for anything: every rate is a real zero. */
export function quiet(over: Partial<Snapshot> = {}): Snapshot {
  return busy({
    verdict: { level: 'ok', text: 'no request for 1m · 4 workers idle', causes: [] },
    workers: [26197, 26198, 26199, 26201].map((pid) => aWorker({ pid, cpuPercent: 0, requestsPerSecond: 0 })),
    workerExits: exits(),
    saturation: {
      busyWorkers: 0,
      capacity: 32,
      utilizationRatio: 0,
      offeredErlangs: 0,
      backlog: 0,
      backlogLimit: 2048,
      estimatedQueueSeconds: 0,
      recommendedWorkers: null,
      recommendationText: null,
    },
    traffic: {
      requestsTotal: 12,
      errorsTotal: 0,
      bytesTotal: 9_000,
      requests: 0,
      requestsPerSecond: 0,
      requestsPerMinute: 0,
      bytes: 0,
      bytesPerSecond: 0,
      activeConnections: 0,
    },
    latency: null,
    status: {
      classes: { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 },
      codes: {},
      clientErrorRatio: null,
      serverErrorRatio: null,
      timeouts: 0,
      timeoutRatio: null,
    },
    paths: [],
    clients: {
      addresses: [],
      userAgents: [],
      methods: [],
      referrers: [],
      distinct: { addresses: 0, userAgents: 0, methods: 0, referrers: 0, paths: 0 },
    },
    slow: [],
    servedBy: [],
    deploys: [],
    events: [],
    alerts: [],
    series: noSeries(0),
    ...over,
  });
}

/** Gunicorn's default access log format: neither durations nor pids. */
export function defaultFormat(over: Partial<Snapshot> = {}): Snapshot {
  const rich = busy();
  return busy({
    latency: null,
    slow: [],
    paths: rich.paths.map((row) => ({ ...row, p50Seconds: null, p95Seconds: null, maxSeconds: null, timeRatio: null })),
    workers: rich.workers.map((row) => ({ ...row, requestsTotal: null, requestsPerSecond: null })),
    ingest: { ...rich.ingest, sources: [aSource({ format: 'default', durationUnit: null })] },
    series: { ...rich.series, ...noPercentiles },
    ...over,
  });
}

const unknownPoints = new Array<number | null>(POINTS).fill(null);
const noPercentiles = {
  p50Seconds: unknownPoints,
  p90Seconds: unknownPoints,
  p95Seconds: unknownPoints,
  p99Seconds: unknownPoints,
};

/** Right after the start, or without any source: nothing is known of anything. */
export function nothingKnown(over: Partial<Snapshot> = {}): Snapshot {
  const none = quiet();
  return {
    ...none,
    gtop: { version: '0.1.0', pid: 4711, cpuPercent: null, rssBytes: null },
    window: { seconds: 60, from: null, to: null },
    verdict: { level: 'unknown', text: 'nothing is known yet', causes: [] },
    master: null,
    masters: [],
    workers: [],
    saturation: {
      busyWorkers: null,
      capacity: null,
      utilizationRatio: null,
      offeredErlangs: null,
      backlog: null,
      backlogLimit: null,
      estimatedQueueSeconds: null,
      recommendedWorkers: null,
      recommendationText: null,
    },
    traffic: {
      ...none.traffic,
      requestsTotal: 0,
      requestsPerSecond: null,
      requestsPerMinute: null,
      bytesPerSecond: null,
      activeConnections: null,
    },
    health: [],
    custom: [],
    endpoints: [],
    system: {
      cpuPercent: null,
      loadAverage: null,
      memoryUsedBytes: null,
      memoryAvailableBytes: null,
      memoryTotalBytes: null,
      swapUsedBytes: null,
      diskUsedRatio: null,
      disks: [],
      networkReceivedBytesPerSecond: null,
      networkSentBytesPerSecond: null,
      cpuCount: null,
      cpuModel: null,
      operatingSystem: null,
      hostname: null,
    },
    ingest: { ...none.ingest, sources: [], linesRead: 0, linesParsed: 0, rotations: 0 },
    series: noSeries(null),
    ...over,
  };
}

/** What an attacker writes: escapes, control characters, newlines, bidi overrides. */
export const HOSTILE = '/\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\x00‮evil⁦';

/** Every string that a stranger or the outside world chooses is hostile; some are wide. */
export function hostile(): Snapshot {
  const rich = busy();
  return busy({
    verdict: {
      level: 'critical',
      text: `worker died in ${HOSTILE}`,
      causes: [{ kind: HOSTILE, level: 'critical', text: HOSTILE }],
    },
    master: aMaster({ app: HOSTILE, listeners: [HOSTILE], version: HOSTILE, workerClass: HOSTILE }),
    workers: [aWorker({ clientAddress: HOSTILE })],
    paths: [
      aPath({ method: '\x1b[31mGET', path: HOSTILE }),
      aPath({ path: '/日本語/👩‍👩‍👧‍👦/🇩🇪/שלום' }),
      aPath({ path: 'x'.repeat(70_000) }),
    ],
    clients: {
      ...rich.clients,
      addresses: [{ value: HOSTILE, count: 3, bytes: 1 }],
      userAgents: [{ value: HOSTILE, count: 3, bytes: 1 }],
    },
    slow: [
      { at: iso(1), method: HOSTILE, path: HOSTILE, status: 200, seconds: 1, bytes: 1, address: HOSTILE, worker: 1 },
    ],
    events: [anEvent({ text: HOSTILE, path: HOSTILE, details: `Traceback:\n  ${HOSTILE}` })],
    alerts: [anAlert({ name: HOSTILE, summary: HOSTILE, labels: { [HOSTILE]: HOSTILE } })],
    health: [
      {
        name: HOSTILE,
        target: HOSTILE,
        up: false,
        status: 'error',
        statusCode: null,
        seconds: null,
        checkedAt: null,
        error: HOSTILE,
        checks: [{ name: HOSTILE, status: HOSTILE, level: 'error', message: HOSTILE }],
      },
    ],
    custom: [{ source: HOSTILE, name: HOSTILE, labels: { [HOSTILE]: HOSTILE }, value: 1 }],
    system: {
      ...rich.system,
      hostname: HOSTILE,
      operatingSystem: HOSTILE,
      cpuModel: HOSTILE,
      disks: [{ mount: HOSTILE, device: HOSTILE, totalBytes: 1, usedBytes: 1, usedRatio: 1 }],
    },
    ingest: { ...rich.ingest, sources: [aSource({ path: HOSTILE, message: HOSTILE })] },
  });
}

/** Two groups of requests, about 5 ms and about 200 ms; nothing is known of the first eight seconds. */
export function aHeatMap(): HeatMap {
  const rows = 160;
  const bell = (row: number, middle: number): number => Math.exp(-((row - middle) ** 2) / 90);
  return {
    stepSeconds: 1,
    from: iso(POINTS),
    edgesSeconds: Array.from({ length: rows + 1 }, (_, row) => 0.001 * 2 ** (row / 16)),
    columns: Array.from({ length: POINTS }, (_, column) =>
      column < 8
        ? null
        : Array.from({ length: rows }, (_, row) =>
            Math.round(20 * bell(row, 37) + (column > 60 ? 6 * bell(row, 122) : 0)),
          ),
    ),
    window: Array.from({ length: rows }, (_, row) => Math.round(1200 * bell(row, 37) + 360 * bell(row, 122))),
  };
}

export function anErrorGroup(over: Partial<ErrorGroup> = {}): ErrorGroup {
  return {
    fingerprint: 'feedfacefeedface',
    type: 'ValueError',
    message: "invalid literal for int() with base 10: 'x'",
    frame: 'app/views.py:88 in report',
    count: 14,
    firstAt: iso(90),
    lastAt: iso(9),
    paths: ['/reports/{id}'],
    sample: [
      'Traceback (most recent call last):',
      '  File "/srv/app/views.py", line 88, in report',
      '    number = int(argument)',
      "ValueError: invalid literal for int() with base 10: 'x'",
    ].join('\n'),
    ...over,
  };
}
