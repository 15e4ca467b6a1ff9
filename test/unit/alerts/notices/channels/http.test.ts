import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, onCleanup } from '../../../../support/cleanup.ts';
import { answerStatus, closedPort, hang, makeCertificate, startReceiver } from '../../../../support/receivers.ts';
import { send } from './send.ts';

afterEach(cleanUp);

const SENT = { ok: true };
const webhook = (url: string, more: object = {}) => ({ type: 'webhook', url, timeout: 5, ...more });

describe('a receiver that takes the message', () => {
  it('gets it as JSON with its length', async () => {
    const { url, received } = await startReceiver();
    expect(await send(webhook(`${url}/hook?x=1`))).toEqual(SENT);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/hook?x=1',
      headers: { 'content-type': 'application/json', 'user-agent': 'gtop' },
      json: { version: '4' },
    });
  });

  it.each([
    ['a token', { bearer_token: 't0ken' }, 'Bearer t0ken'],
    ['name and password', { username: 'me', password: 'pä:ss' }, `Basic ${btoa('me:p\xc3\xa4:ss')}`],
    ['a header of its own', { headers: { Authorization: 'Custom x' } }, 'Custom x'],
  ])('gets %s', async (_name, settings, expected) => {
    const { url, received } = await startReceiver();
    expect(await send(webhook(url, settings))).toEqual(SENT);
    expect(received[0]?.headers.authorization).toBe(expected);
  });

  it('may answer for ever: the status counts, and the rest is cut off', async () => {
    let written = 0;
    let isCutOff = false;
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const { url } = await startReceiver((_request, response) => {
      response.on('close', () => {
        isCutOff = true;
      });
      const pump = (): void => {
        while (!isCutOff && response.write(chunk)) written += chunk.length;
        if (!isCutOff) response.once('drain', pump);
      };
      response.writeHead(200);
      pump();
    });
    expect(await send(webhook(url))).toEqual(SENT);
    await expect.poll(() => isCutOff, { timeout: 5000 }).toBe(true);
    // What the kernel's buffers of the two ends hold, not what the receiver has to say.
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  it('may begin an answer and then hang: it is not sent twice', async () => {
    const { url } = await startReceiver((_request, response) => void response.writeHead(200).write('o'));
    expect(await send(webhook(url, { timeout: 0.3 }))).toEqual(SENT);
  });
});

describe('a receiver that does not take it', () => {
  it('answers 5 MB: they are not read', async () => {
    const { url } = await startReceiver(answerStatus(500, {}, 'x'.repeat(5_000_000)));
    expect(await send(webhook(url))).toEqual({ ok: false, error: 'answers 500', retry: true });
  });

  it.each([
    [500, true],
    [503, true],
    [408, true],
    [429, true],
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [410, false],
  ])('answers %d: to be tried again: %s', async (status, retry) => {
    const { url } = await startReceiver(answerStatus(status));
    expect(await send(webhook(url))).toEqual({ ok: false, error: `answers ${status}`, retry });
  });

  it.each([
    ['seconds', '120', 120_000],
    ['far too many seconds', '999999', 3_600_000],
    ['a date that has passed', 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ])('asks for a pause of %s', async (_name, header, retryAfterMs) => {
    const { url } = await startReceiver(answerStatus(429, { 'Retry-After': header }));
    expect(await send(webhook(url))).toEqual({ ok: false, error: 'answers 429', retry: true, retryAfterMs });
  });

  it('asks for a pause in words that are none', async () => {
    const { url } = await startReceiver(answerStatus(503, { 'Retry-After': 'soon' }));
    expect(await send(webhook(url))).toEqual({ ok: false, error: 'answers 503', retry: true });
  });

  it.each([301, 302, 303, 307, 308])('redirects with %d: not followed', async (status) => {
    const other = await startReceiver();
    const { url } = await startReceiver(answerStatus(status, { Location: other.url }));
    expect(await send(webhook(url, { bearer_token: 't0ken' }))).toEqual({
      ok: false,
      error: `redirects (${status}), which is not followed: give the final url`,
      retry: false,
    });
    expect(other.received).toEqual([]);
  });

  it('hangs', async () => {
    const { url, received } = await startReceiver(hang);
    expect(await send(webhook(url, { timeout: 0.3 }))).toEqual({ ok: false, error: 'no answer in time', retry: true });
    expect(received).toHaveLength(1);
  });

  it('is not there', async () => {
    expect(await send(webhook(`http://127.0.0.1:${await closedPort()}/`))).toEqual({
      ok: false,
      error: 'connection refused',
      retry: true,
    });
  });

  it('hangs up without a word', async () => {
    const { url } = await startReceiver((_request, response) => void response.socket?.destroy());
    expect(await send(webhook(url))).toEqual({ ok: false, error: 'connection closed by the receiver', retry: true });
  });

  it('has a name that nobody knows', async () => {
    // `.invalid` is nobody's for ever (RFC 2606); without a name server the answer is another.
    expect(await send(webhook('http://receiver.invalid/'))).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^the (host name is not known|name server does not answer)$/),
      retry: true,
    });
  });

  it('speaks no HTTP', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanup(() => void server.close());
    const { port } = server.address() as { port: number };
    expect(await send(webhook(`http://127.0.0.1:${port}/`))).toMatchObject({ error: 'no HTTP is spoken there' });
    expect(await send(webhook(`https://127.0.0.1:${port}/`))).toMatchObject({
      error: expect.stringMatching('no TLS is spoken there'),
    });
  });
});

describe('over TLS', () => {
  it('a certificate of nobody knows whom is refused, and named as ca_file taken', async () => {
    const certificate = makeCertificate();
    const { url, received } = await startReceiver(undefined, certificate);
    expect(await send(webhook(url))).toMatchObject({ ok: false, error: expect.stringContaining('is self-signed') });
    expect(received).toEqual([]);
    expect(await send(webhook(url, { ca_file: certificate.certFile }))).toEqual(SENT);
    expect(received).toHaveLength(1);
  });

  it('a ca_file that is not there is named', async () => {
    const { url } = await startReceiver(undefined, makeCertificate());
    expect(await send(webhook(url, { ca_file: '/nowhere/ca.pem' }))).toMatchObject({
      ok: false,
      error: '/nowhere/ca.pem: no such file',
      retry: true,
    });
  });
});
