/** Traffic whose every request is known: what gtop counts can be compared with what was sent. */
import { Agent } from 'node:http';
import { type Answer, type Endpoint, request } from './http.ts';

export interface PlannedRequest {
  readonly method: string;
  readonly path: string;
  readonly userAgent: string;
}

export interface SentRequest extends PlannedRequest, Answer {}

/**
 * A fixed mix of `count` requests to test/fixtures/apps/app.py: methods, statuses, routes with ids, queries, sizes
 * and a few slow ones. The same for every call.
 */
export function plannedTraffic(count: number): PlannedRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    method: i % 11 === 0 ? 'POST' : i % 37 === 0 ? 'PUT' : i % 41 === 0 ? 'HEAD' : 'GET',
    path: PATHS[i % PATHS.length](i),
    userAgent: AGENTS[i % AGENTS.length],
  }));
}

const PATHS: readonly ((i: number) => string)[] = [
  () => '/',
  (i) => `/users/${i % 50}`,
  (i) => `/users/${i % 50}/orders/${i}`,
  (i) => `/bytes/${(i * 37) % 5000}`,
  () => '/status/404',
  (i) => `/search?q=word${i % 100}&page=${i % 7}`,
  (i) => (i % 4 === 0 ? '/status/500' : '/status/302'),
  (i) => `/items/3f2504e0-4f89-41d3-9a0c-0305e82c33${String(10 + (i % 80))}`,
  (i) => `/burn/${1 + (i % 5)}`,
  (i) => (i % 3 === 0 ? '/sleep/0.02' : '/status/204'),
  (i) => (i % 5 === 0 ? '/status/503' : '/about'),
];

const AGENTS = [
  'curl/8.5.0',
  'python-requests/2.32.3',
  'Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0',
  'kube-probe/1.29',
];

/**
 * Sends `plan` over `connections` kept-alive connections at once and resolves with what came back, in the order of
 * the plan. Rejects when any request fails.
 */
export async function sendTraffic(
  endpoint: Endpoint,
  plan: readonly PlannedRequest[],
  connections = 8,
): Promise<SentRequest[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const sent: SentRequest[] = new Array(plan.length);
  let next = 0;
  const sender = async () => {
    for (let i = next++; i < plan.length; i = next++) {
      const { method, path, userAgent } = plan[i];
      const answer = await request(endpoint, path, { method, headers: { 'user-agent': userAgent }, agent });
      sent[i] = { ...plan[i], ...answer };
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, sender));
  } finally {
    agent.destroy();
  }
  return sent;
}

/** How often each value of `key` occurs. */
export function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}
