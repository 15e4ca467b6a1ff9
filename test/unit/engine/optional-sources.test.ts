import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { EngineConfig } from '../../../src/engine/config.ts';
import { OptionalSources } from '../../../src/engine/optional-sources.ts';
import type { Model } from '../../../src/model/model.ts';

const enrichment = { setEndpoints() {} };
const model = { enrichment, masterPid: null } as unknown as Model;
let server: Server;
afterEach(() => server.close());

async function troublesOf(answer: string | null): Promise<readonly string[]> {
  server = createServer((_, response) => void (answer === null ? response.destroy() : response.end(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const endpoint = { name: 'shop', url, socket: null, host: null, intervalSeconds: 10, timeoutSeconds: 5 };
  const config = { pid: null, metricsEndpoints: [endpoint] } as unknown as EngineConfig;
  const sources = new OptionalSources(config, model, Date.now());
  await sources.open(null);
  expect(sources.troubles()).toEqual([]);
  await sources.settle(Date.now());
  sources.close();
  return sources.troubles();
}

it('says which metrics endpoint cannot be read', async () => {
  expect(await troublesOf(null)).toEqual([
    expect.stringMatching(/^metrics endpoint shop \(http.*\): connection closed without an answer$/),
  ]);
});

it('says which has more series than are read', async () => {
  const series = Array.from({ length: 600 }, (_, number) => `orders_total{shop="${number}"} 1`);
  expect(await troublesOf(`${series.join('\n')}\n`)).toEqual([
    expect.stringMatching(/^metrics endpoint shop \(http.*\): has more series than are read$/),
  ]);
});

it('says nothing of one that is well', async () => {
  expect(await troublesOf('orders_total 5\n')).toEqual([]);
});
