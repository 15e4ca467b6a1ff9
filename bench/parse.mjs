// How many lines a second does gtop's parser read, beside readline with a regular expression and beside a bare search
// for newlines, the wall? One log for all, 300,000 lines of the combined format with %(D)s. Takes some 10 s.
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const LINES = 300_000;
const ROUNDS = 7;
/** What the follower hands over at once. */
const CHUNK_BYTES = 256 * 1024;
const FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s';
const NEWLINE = 0x0a;

const PATHS = [
  () => '/',
  () => '/login',
  (below) => `/api/users/${below(2000)}`,
  (below) => `/api/orders/${below(1 << 24)}/items`,
  (below) => `/static/app.${below(2000).toString(16)}.js`,
  () => '/health',
  (below) => `/search?q=${below(1 << 24).toString(16)}&page=${below(30)}`,
  (below) => `/api/v1/products/${below(2000)}`,
  () => '/checkout',
  () => '/favicon.ico',
];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1',
  'curl/8.5.0',
  'python-requests/2.32.3',
  'kube-probe/1.29',
];
const REFERRERS = ['-', 'https://example.com/', 'https://example.com/search', 'https://www.google.com/'];
const STATUSES = [200, 200, 200, 200, 200, 200, 200, 200, 304, 302, 404, 500];

/** The same log on every machine: popular paths and clients, latencies over four decades. */
function writeLog(path) {
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const below = (limit) => Math.floor(random() * limit);
  const oneOf = (list) => list[below(list.length)];
  const popular = (count) => Math.floor(count * random() ** 2.5);
  const lines = Array.from({ length: LINES }, (_, index) => {
    const time = new Date(Date.UTC(2026, 10, 21) + Math.floor(index / 200) * 1000).toISOString().slice(11, 19);
    const client = popular(5000);
    const address = `10.${client % 7}.${client >> 5}.${(client % 250) + 1}`;
    const request = `${random() < 0.12 ? 'POST' : 'GET'} ${PATHS[popular(PATHS.length)](below)} HTTP/1.1`;
    const microseconds = Math.floor(10 ** (3 + 4 * random() ** 2));
    return `${address} - - [21/Nov/2026:${time} +0000] "${request}" ${oneOf(STATUSES)} ${below(60_000)} "${oneOf(REFERRERS)}" "${oneOf(AGENTS)}" ${microseconds}\n`;
  });
  writeFileSync(path, lines.join(''));
}

const LINE =
  /^(\S*) (\S+) (.*?) \[([^\]]+)\] "((?:\\.|[^"\\])*)" (\d{3}) (\d+|-) "((?:\\.|[^"\\])*)" "((?:\\.|[^"\\])*)"(?: (\d+))?$/;

/** What one writes in an afternoon, with all the fields taken out of the line. */
async function readWithRegExp(path) {
  let count = 0;
  let seconds = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const match = LINE.exec(line);
    if (match === null) continue;
    count++;
    seconds += Number(match[10]) / 1e6;
  }
  return { count, seconds };
}

function readWithGtop(AccessLogParser, bytes, format) {
  let count = 0;
  let seconds = 0;
  const parser = new AccessLogParser({
    format,
    onRecord: (record) => {
      count++;
      seconds += record.seconds;
    },
  });
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.lastIndexOf(NEWLINE, Math.min(bytes.length, start + CHUNK_BYTES) - 1) + 1;
    parser.push(bytes, start, end);
    start = end;
  }
  parser.settle(true);
  return { count, seconds };
}

function scan(bytes) {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return { count, seconds: null };
}

const folder = mkdtempSync(join(tmpdir(), 'gtop-parse-'));
try {
  const path = join(folder, 'access.log');
  writeLog(path);
  const bundle = join(folder, 'access-log.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../src/sources/access-log/index.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const { AccessLogParser } = await import(pathToFileURL(bundle).href);
  const bytes = readFileSync(path);
  const readers = {
    'readline + RegExp': () => readWithRegExp(path),
    'gtop, auto': () => readWithGtop(AccessLogParser, bytes, 'auto'),
    'gtop, verbatim': () => readWithGtop(AccessLogParser, bytes, FORMAT),
    'newlines only': () => scan(bytes),
  };

  // In turns, so that whatever else the machine does meets all of them; the best round of each counts.
  const best = Object.fromEntries(Object.keys(readers).map((name) => [name, { ms: Number.POSITIVE_INFINITY }]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, read] of Object.entries(readers)) {
      const startMs = performance.now();
      const result = await read();
      const ms = performance.now() - startMs;
      if (ms < best[name].ms) best[name] = { ms, ...result };
    }
  }

  const peer = best['readline + RegExp'];
  console.log(`${LINES} lines, ${(bytes.length / 1e6).toFixed(0)} MB, the best of ${ROUNDS} rounds\n`);
  for (const [name, { ms, count, seconds }] of Object.entries(best)) {
    const rate = `${(LINES / ms / 1000).toFixed(2)} M lines/s`.padStart(18);
    const ratio = `${(peer.ms / ms).toFixed(1)} ×`.padStart(10);
    const found = seconds === null ? `${count} lines` : `${count} requests, ${seconds.toFixed(1)} s`;
    console.log(`${name.padEnd(18)}${rate}${ratio}   ${found}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
