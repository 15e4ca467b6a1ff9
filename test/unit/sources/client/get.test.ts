import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { get } from '../../../../src/sources/client/get.ts';
import { cleanUp, onCleanup, temporaryFolder } from '../../../support/cleanup.ts';
import { answerStatus, closedPort, hang, makeCertificate, startReceiver } from '../../../support/receivers.ts';

afterEach(cleanUp);

const ask = (url: string, rest: Partial<Parameters<typeof get>[0]> = {}) =>
  get({
    url,
    socket: null,
    host: null,
    accept: '*/*',
    timeoutMs: 5000,
    mostBytes: 1000,
    signal: new AbortController().signal,
    ...rest,
  });

/** A TCP server that does with a connection what it is told. */
async function serve(behave: (socket: Socket) => void): Promise<string> {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a request', () => {
  it('brings status and body, and asks to close the connection', async () => {
    const app = await startReceiver(answerStatus(503, {}, '{"status":"down"}'));
    expect(await ask(`${app.url}/health?full=1`, { host: 'shop.example.org', accept: 'text/plain' })).toEqual({
      ok: true,
      status: 503,
      body: '{"status":"down"}',
      isCut: false,
    });
    expect(app.received[0]?.url).toBe('/health?full=1');
    expect(app.received[0]?.headers).toMatchObject({
      host: 'shop.example.org',
      accept: 'text/plain',
      connection: 'close',
      'accept-encoding': 'identity',
    });
  });

  it('goes through a unix socket', async () => {
    const path = join(temporaryFolder(), 'app.sock');
    const server: Server = createServer((_request, response) => void response.end('ok'));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onCleanup(() => void server.close());
    expect(await ask('http://localhost/health', { socket: path })).toMatchObject({ ok: true, status: 200, body: 'ok' });
    expect(await ask('http://localhost/', { socket: `${path}.not` })).toMatchObject({ error: 'no such socket' });
  });

  it('reads no more of a body than it may', async () => {
    const app = await startReceiver(answerStatus(200, {}, 'x'.repeat(5_000_000)));
    const outcome = await ask(app.url);
    expect(outcome).toMatchObject({ ok: true, isCut: true });
    expect(outcome.ok && outcome.body.length).toBe(1000);
  });

  it('does not follow a redirect', async () => {
    const app = await startReceiver(answerStatus(302, { Location: '/elsewhere' }));
    expect(await ask(app.url)).toMatchObject({ ok: true, status: 302 });
    expect(app.received).toHaveLength(1);
  });

  it('ends after its time, whether nothing comes, or a drop now and then', async () => {
    const silent = await startReceiver(hang);
    const error = 'no answer within 0.2 s';
    expect(await ask(silent.url, { timeoutMs: 200 })).toEqual({ ok: false, error, isUnanswered: true });
    const slow = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 20);
      onCleanup(() => clearInterval(drip));
    });
    expect(await ask(slow, { timeoutMs: 200 })).toMatchObject({ ok: false, error });
  });

  it('says in words why there is no answer', async () => {
    expect(await ask(`http://127.0.0.1:${await closedPort()}/`)).toEqual({
      ok: false,
      error: 'connection refused',
      isUnanswered: false,
    });
    expect(await ask(await serve((socket) => void socket.destroy()))).toMatchObject({
      error: 'connection closed without an answer',
    });
    expect(await ask(await serve((socket) => void socket.end('\x1b]0;owned\x07\r\n\r\n')))).toMatchObject({
      error: 'the answer is not HTTP',
    });
    const heavy = `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`;
    expect(await ask(await serve((socket) => void socket.end(heavy)))).toMatchObject({
      error: 'the headers of the answer are longer than 16 KiB',
    });
    const certificate = makeCertificate();
    const app = await startReceiver(undefined, certificate);
    expect(await ask(app.url)).toMatchObject({ error: 'the certificate is self-signed' });
  });

  it('keeps the status of an answer that breaks off', async () => {
    const url = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf', () => setTimeout(() => socket.destroy(), 50));
    });
    expect(await ask(url)).toMatchObject({ ok: true, status: 200, body: 'half', isCut: true });
  });

  it('is broken off by its signal, also before it began', async () => {
    const silent = await startReceiver(hang);
    const stop = new AbortController();
    const asked = ask(silent.url, { signal: stop.signal });
    stop.abort();
    expect(await asked).toMatchObject({ ok: false, error: 'stopped' });
    expect(await ask(silent.url, { signal: stop.signal })).toMatchObject({ ok: false, error: 'stopped' });
  });
});
