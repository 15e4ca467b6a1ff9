import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createEndpoints } from '../../../../src/sources/app-metrics/index.ts';
import { createProbes } from '../../../../src/sources/probe/index.ts';
import { cleanUp, onCleanup } from '../../../support/cleanup.ts';
import { until } from '../../../support/wait.ts';

afterEach(cleanUp);

it('many endpoints and probes may be under way at once, without a warning of Node on the terminal', async () => {
  let open = 0;
  const server = createServer(() => open++).listen(0, '127.0.0.1');
  onCleanup(() => server.closeAllConnections());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  onCleanup(() => void process.off('warning', note));

  const http = { url, socket: null, host: null, intervalSeconds: 60, timeoutSeconds: 30 };
  const names = Array.from({ length: 15 }, (_, index) => `n${index}`);
  const endpoints = createEndpoints(
    names.map((name) => ({ ...http, name })),
    0,
  );
  const probes = createProbes(
    names.map((name) => ({
      ...http,
      kind: 'http',
      name,
      statuses: ['2xx'],
      json: {},
      initialDelaySeconds: 0,
      failures: 1,
      successes: 1,
    })),
    0,
  );
  endpoints.poll(0);
  probes.poll(0);
  await until('all are being asked', () => open === 2 * names.length);
  endpoints.close();
  probes.close();
  await turn();
  server.close();
  expect(warnings).toEqual([]);
});
