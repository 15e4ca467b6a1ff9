// A log that is the same on every machine: popular paths and clients, latencies over four decades, 200 requests/s.
import { closeSync, openSync, writeSync } from 'node:fs';

const PATHS = [
  () => '/',
  () => '/login',
  (below) => `/api/users/${below(2000)}`,
  (below) => `/api/orders/${below(2000)}/items`,
  (below) => `/static/app.${below(200).toString(16)}.js`,
  () => '/static/main.css',
  () => '/health',
  () => '/metrics',
  (below) => `/search?q=${below(1 << 24).toString(16)}&page=${below(30)}`,
  (below) => `/api/v1/products/${below(2000)}`,
  () => '/checkout',
  () => '/admin/',
  () => '/favicon.ico',
  (below) => `/api/reports/${below(500)}.csv`,
];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'curl/8.5.0',
  'python-requests/2.32.3',
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  'kube-probe/1.29',
];
const REFERRERS = ['-', 'https://example.com/', 'https://example.com/search', 'https://www.google.com/'];
const STATUSES = [...Array(90).fill(200), 304, 304, 304, 304, 302, 302, 404, 404, 404, 500];
const REQUESTS_PER_SECOND = 200;
/** 2026-11-21 00:00:00 UTC. */
const START_MS = Date.UTC(2026, 10, 21);
const BATCH = 20_000;

/** Writes `lines` lines of the combined format with `%(D)s`. */
export function writeAccessLog(path, lines) {
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const below = (limit) => Math.floor(random() * limit);
  const oneOf = (list) => list[below(list.length)];
  const popular = (count) => Math.floor(count * random() ** 2.5);
  const lineAt = (index) => {
    const time = new Date(START_MS + Math.floor(index / REQUESTS_PER_SECOND) * 1000).toISOString();
    const client = popular(5000);
    const address = `10.${client % 7}.${client >> 5}.${(client % 250) + 1}`;
    const request = `${random() < 0.12 ? 'POST' : 'GET'} ${PATHS[popular(PATHS.length)](below)} HTTP/1.1`;
    const microseconds = Math.floor(10 ** (3 + 4 * random() ** 2));
    const status = oneOf(STATUSES);
    const bytes = status === 200 ? below(60_000) : 150;
    return `${address} - - [${time.slice(8, 10)}/Nov/2026:${time.slice(11, 19)} +0000] "${request}" ${status} ${bytes} "${oneOf(REFERRERS)}" "${oneOf(AGENTS)}" ${microseconds}\n`;
  };
  const fd = openSync(path, 'w');
  for (let from = 0; from < lines; from += BATCH) {
    const count = Math.min(BATCH, lines - from);
    writeSync(fd, Array.from({ length: count }, (_, offset) => lineAt(from + offset)).join(''));
  }
  closeSync(fd);
}
