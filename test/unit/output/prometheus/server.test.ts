import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningServer, type Served, startServer } from '../../../../src/output/prometheus/index.ts';
import { cleanUp, onCleanup } from '../../../support/cleanup.ts';
import { quiet } from '../../../support/snapshots.ts';
import { until } from '../../../support/wait.ts';

const NOW = 1_000_000;
const MANY = Array.from({ length: 100 }, (_, index) => ({ labels: { endpoint: `/e${index}` }, value: index }));

const served = (over: Partial<Served> = {}): Served => ({
  version: '1.2.3',
  startedAtMs: 0,
  tickedAtMs: NOW - 400,
  metrics: () => [{ name: 'gunicorn_requests_total', type: 'counter', help: 'Requests', samples: MANY }],
  snapshot: ({ windowSeconds }) => quiet({ window: { seconds: windowSeconds, from: null, to: null } }),
  ...over,
});

async function start(over: Partial<Served> = {}, httpAliases = false): Promise<RunningServer> {
  const server = await startServer({
    listen: { host: '127.0.0.1', port: 0 },
    served: served(over),
    httpAliases: () => httpAliases,
    now: () => NOW,
  });
  onCleanup(() => server.close());
  return server;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

function ask(server: RunningServer, path: string, method = 'GET', headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest({ ...server.address, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** A connection by hand; `heard` is all that came back. */
async function dial(server: RunningServer): Promise<{ socket: Socket; heard: () => string; closed: () => boolean }> {
  const socket = connect(server.address.port, server.address.host);
  let text = '';
  let isClosed = false;
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
  });
  onCleanup(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return { socket, heard: () => text, closed: () => isClosed };
}

afterEach(cleanUp);

describe('/metrics', () => {
  it('is text for curl, OpenMetrics for who asks, under the aliases when told so', async () => {
    const server = await start({}, true);
    const text = await ask(server, '/metrics');
    expect(text.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.text).toContain('http_requests_total{endpoint="/e99"} 99\n');
    const open = await ask(server, '/metrics', 'GET', { accept: 'application/openmetrics-text' });
    expect(open.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open.text.endsWith('# EOF\n')).toBe(true);
  });

  it('is gzip for who takes it, the same bytes for who does not; no cache keeps it', async () => {
    const server = await start();
    const plain = await ask(server, '/metrics');
    const zipped = await ask(server, '/metrics', 'GET', { 'accept-encoding': 'gzip' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(zipped.headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': 'no-store',
      vary: 'Accept, Accept-Encoding',
    });
    expect(gunzipSync(zipped.bytes).toString()).toBe(plain.text);
  });
});

describe('/healthz', () => {
  it.each([
    ['looked at everything lately', NOW - 5000, 200, 'ok'],
    ['has not for more than five seconds', NOW - 5001, 503, 'error'],
    ['never has', Number.NaN, 503, 'error'],
  ])('the engine %s: %s', async (_, tickedAtMs, status, word) => {
    const answer = await ask(await start({ tickedAtMs }), '/healthz');
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({
      status: word,
      version: '1.2.3',
      checks: { engine: { status: word } },
    });
  });
});

describe('/snapshot', () => {
  it.each([
    ['', 60],
    ['?window=5m', 300],
    ['?window=all', null],
    ['?window=1h&x=%ff', 3600],
  ])('%s looks back %s seconds', async (query, seconds) => {
    const answer = await ask(await start(), `/snapshot${query}`);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(answer.text).window.seconds).toBe(seconds);
  });

  it.each(['', '0', '-1s', '4d', '1.5s', 'soon', '1m1', '%00'])('of the window %j is refused', async (window) => {
    const answer = await ask(await start(), `/snapshot?window=${window}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toBe('window: write 10s, 1m, 5m, 15m, 1h or all\n');
  });
});

describe('everything else', () => {
  it.each(['/', '/metrics/', '/../metrics', '//metrics', '/constructor', '/%6detrics', '/METRICS'])(
    '%s is not found, in one line',
    async (path) => {
      const answer = await ask(await start(), path);
      expect(answer.status).toBe(404);
      expect(answer.text).toMatch(/^not found: [^\n]*\n$/);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('%s is not allowed', async (method) => {
    const answer = await ask(await start(), '/metrics', method);
    expect(answer.status).toBe(405);
    expect(answer.headers).toMatchObject({ allow: 'GET, HEAD', connection: 'close' });
  });

  it('HEAD gets the headers of GET and no body', async () => {
    const server = await start();
    const get = await ask(server, '/metrics');
    const head = await ask(server, '/metrics', 'HEAD');
    expect(head.status).toBe(200);
    expect(head.headers['content-length']).toBe(String(get.bytes.length));
    expect(head.bytes.length).toBe(0);
  });

  it('that fails is one line, and the next request is answered', async () => {
    let fails = true;
    const metrics = (): [] => {
      if (fails) throw new Error('boom');
      return [];
    };
    const server = await start({ metrics });
    const failed = await ask(server, '/metrics');
    expect([failed.status, failed.text]).toEqual([500, 'gtop could not make this page\n']);
    fails = false;
    expect((await ask(server, '/metrics')).status).toBe(200);
  });
});

describe('a client that stays connected', () => {
  it('is answered again and again', async () => {
    const server = await start();
    const { socket, heard } = await dial(server);
    for (let count = 1; count <= 20; count++) {
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      await until(`answer ${count}`, () => heard().split('HTTP/1.1 200').length === count + 1);
    }
  });
});

describe('a client that wants to do harm', () => {
  it('with headers without end is told so and cut off', async () => {
    const { socket, heard, closed } = await dial(await start());
    socket.write(`GET /metrics HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}`);
    await until('it is cut off', closed);
    expect(heard()).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('that says nothing is cut off, as is one that never ends its request', async () => {
    const server = await start();
    const silent = await dial(server);
    const slow = await dial(server);
    slow.socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n');
    await until('both are cut off', () => silent.closed() && slow.closed(), 30_000);
    expect(slow.heard()).toMatch(/^HTTP\/1\.1 408 /);
  }, 40_000);

  it('that sends a thousand requests at once and reads no answer is cut off, and hardly a page is made for it', async () => {
    let pages = 0;
    const metrics: Served['metrics'] = () => {
      pages++;
      return served().metrics();
    };
    const server = await start({ metrics });
    const { socket, closed } = await dial(server);
    socket.pause();
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
    // What is not read hides the end of the connection.
    await until('it is cut off', () => {
      socket.write('\r\n');
      return closed() || socket.destroyed || socket.errored !== null;
    });
    expect(pages).toBeLessThanOrEqual(2);
    expect((await ask(server, '/metrics')).status).toBe(200);
  });

  it('by two requests at once has both answers, in their order', async () => {
    const { socket, heard } = await dial(await start());
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('both answers', () => /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 404 /.test(heard()));
  });

  it('by rubbish instead of HTTP is cut off', async () => {
    const { socket, closed } = await dial(await start());
    socket.write('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n');
    await until('it is cut off', closed);
  });

  it('by hundreds of connections does not take the place of the others for ever', async () => {
    const server = await start();
    const many = await Promise.all(Array.from({ length: 100 }, () => dial(server)));
    const open = () => many.filter(({ closed }) => !closed());
    await until('all but 64 were turned away', () => open().length === 64);
    for (const { socket } of open()) socket.destroy();
    expect(await until('an answer', () => ask(server, '/healthz').catch(() => null))).toMatchObject({ status: 200 });
  });
});

describe('a place to listen that is not to be had', () => {
  it('in use: one sentence that names it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onCleanup(() => {
      other.close();
    });
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const starting = startServer({ listen: { host: '127.0.0.1', port }, served: served(), httpAliases: () => false });
    await expect(starting).rejects.toThrow(`--listen 127.0.0.1:${port}: the port is in use: choose another one`);
  });

  it('not an address of this machine', async () => {
    const starting = startServer({
      listen: { host: '192.0.2.1', port: 0 },
      served: served(),
      httpAliases: () => false,
    });
    await expect(starting).rejects.toThrow('--listen 192.0.2.1:0: this machine has no such address');
  });
});
