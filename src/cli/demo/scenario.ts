/** The demo's script: what the made-up clients ask for, and how the application fares, as time goes by. */
import type { DemoRequest, Order } from './order.ts';

export type Phase = 'calm' | 'slow reports' | 'failing checkout' | 'stuck worker' | 'reload';

interface Scene {
  readonly phase: Phase;
  readonly seconds: number;
}

/** Played over and over. */
const SCENES: readonly Scene[] = [
  { phase: 'calm', seconds: 18 },
  // More report time than four workers have: they saturate and the accept queue grows.
  { phase: 'slow reports', seconds: 16 },
  { phase: 'calm', seconds: 6 },
  { phase: 'failing checkout', seconds: 12 },
  // One request hangs; the master ends its worker after the timeout of 8 s.
  { phase: 'stuck worker', seconds: 18 },
  { phase: 'reload', seconds: 15 },
];

export const CYCLE_SECONDS = SCENES.reduce((sum, scene) => sum + scene.seconds, 0);

/** The phase at a moment, in seconds since the demo began. */
export function phaseAt(seconds: number): Phase {
  let rest = seconds % CYCLE_SECONDS;
  for (const { phase, seconds: length } of SCENES) {
    if (rest < length) return phase;
    rest -= length;
  }
  return 'calm';
}

/** Requests that clients send each second. */
export function requestRate(seconds: number): number {
  return 50 + 10 * Math.sin(seconds / 5);
}

interface Route {
  /** How often it is asked for, relative to the others. */
  readonly weight: number;
  readonly method: string;
  readonly target: (random: () => number) => string;
  /** Median time in the application. */
  readonly milliseconds: number;
  readonly bytes: number;
  /** Answers other than 200, each with its probability. */
  readonly statuses?: Readonly<Record<number, number>>;
}

const id = (random: () => number, most: number) => 1 + Math.floor(random() * most);

const ROUTES: readonly Route[] = [
  { weight: 26, method: 'GET', target: () => '/', milliseconds: 6, bytes: 1900, statuses: { 304: 0.15 } },
  {
    weight: 22,
    method: 'GET',
    target: (r) => `/products/${id(r, 900)}`,
    milliseconds: 11,
    bytes: 1400,
    statuses: { 404: 0.03 },
  },
  {
    weight: 14,
    method: 'GET',
    target: (r) => `/search?q=${WORDS[id(r, WORDS.length) - 1]}&page=${id(r, 5)}`,
    milliseconds: 28,
    bytes: 2300,
  },
  { weight: 10, method: 'GET', target: (r) => `/api/cart/${id(r, 400)}`, milliseconds: 9, bytes: 740 },
  {
    weight: 8,
    method: 'POST',
    target: (r) => `/api/cart/${id(r, 400)}/items`,
    milliseconds: 14,
    bytes: 120,
    statuses: { 201: 0.9, 422: 0.02 },
  },
  { weight: 5, method: 'POST', target: () => '/checkout', milliseconds: 60, bytes: 310, statuses: { 302: 0.8 } },
  { weight: 4, method: 'POST', target: () => '/login', milliseconds: 45, bytes: 90, statuses: { 302: 0.8, 401: 0.12 } },
  { weight: 1, method: 'GET', target: (r) => `/reports/${9000 + id(r, 999)}`, milliseconds: 120, bytes: 8_200 },
  { weight: 4, method: 'GET', target: () => '/health', milliseconds: 1, bytes: 15 },
  { weight: 2, method: 'GET', target: () => '/favicon.ico', milliseconds: 1, bytes: 0, statuses: { 404: 1 } },
  { weight: 1, method: 'GET', target: () => '/wp-login.php', milliseconds: 2, bytes: 180, statuses: { 404: 1 } },
];

const WORDS = ['boots', 'tent', 'stove', 'lamp', 'rope', 'map', 'flask'];
const REPORTS = ROUTES.findIndex((route) => route.target(() => 0).startsWith('/reports/'));
const CHECKOUT = ROUTES.findIndex((route) => route.target(() => 0) === '/checkout');

const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0',
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  'python-requests/2.32.3',
  'kube-probe/1.33',
];
const REFERRERS = ['-', '-', 'https://shop.example/', 'https://shop.example/search', 'https://www.google.com/'];

/** One request of a phase. `random` gives numbers from 0 to 1, as Math.random does. */
export function nextRequest(phase: Phase, random: () => number): DemoRequest {
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)];
  const slow = phase === 'slow reports' && random() < 0.28;
  const failing = phase === 'failing checkout' && random() < 0.2;
  const route = ROUTES[slow ? REPORTS : failing ? CHECKOUT : pickWeighted(random)];
  // Log-normal, as service times are: most near the median, a long tail.
  const spread = Math.exp(0.5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
  const milliseconds = (slow ? 450 : route.milliseconds) * spread;
  const status = failing ? 500 : pickStatus(route, random);
  const answered = { status, milliseconds, bytes: status === 304 ? 0 : route.bytes };
  return {
    requestLine: `${route.method} ${route.target(random)} HTTP/1.1`,
    referrer: pick(REFERRERS),
    userAgent: pick(AGENTS),
    order: { address: address(random), ...(failing ? failure(random, answered) : { ...answered, ending: 'answers' }) },
  };
}

/** The request that never returns. */
export function stuckRequest(random: () => number): DemoRequest {
  const { referrer, userAgent, order } = nextRequest('calm', random);
  return { requestLine: 'GET /reports/9912 HTTP/1.1', referrer, userAgent, order: { ...order, ending: 'hangs' } };
}

/** Two in three fail in the application, the others are answered by the shop's own error page. */
function failure(random: () => number, answered: Omit<Order, 'address' | 'ending'>): Omit<Order, 'address'> {
  return random() < 2 / 3
    ? { ...answered, bytes: 0, ending: 'raises' }
    : { ...answered, status: 502, ending: 'answers' };
}

function pickWeighted(random: () => number): number {
  let rest = random() * ROUTES.reduce((sum, route) => sum + route.weight, 0);
  return Math.max(
    0,
    ROUTES.findIndex((route) => {
      rest -= route.weight;
      return rest < 0;
    }),
  );
}

function pickStatus({ statuses = {} }: Route, random: () => number): number {
  let rest = random();
  for (const [status, probability] of Object.entries(statuses)) {
    rest -= probability;
    if (rest < 0) return Number(status);
  }
  return 200;
}

/** An address of the blocks kept for documentation (RFC 5737); low numbers more often. */
function address(random: () => number): string {
  const block = ['192.0.2', '198.51.100', '203.0.113'][Math.floor(random() * 3)];
  return `${block}.${1 + Math.floor(250 * random() ** 3)}`;
}
