import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, onCleanup } from '../../../../support/cleanup.ts';
import { closedPort, makeCertificate } from '../../../../support/receivers.ts';
import { startMailServer } from '../../../../support/smtp.ts';
import { alertOf } from '../alerts.ts';
import { batchOf, send } from './send.ts';

const CANARY = 'canary-5f1c';

afterEach(cleanUp);

const mailTo = (port: number, more: object = {}) => ({
  type: 'email',
  host: '127.0.0.1',
  port,
  from: 'gtop <gtop@example.org>',
  to: ['ops@example.org', 'night@example.org'],
  timeout: 5,
  ...more,
});

const LOGIN = { username: 'me', password: CANARY };

describe('mail', () => {
  it('goes out over STARTTLS with a login', async () => {
    const certificate = makeCertificate();
    const server = await startMailServer({ key: certificate.key, cert: certificate.cert }, CANARY);
    expect(await send(mailTo(server.port, { ...LOGIN, ca_file: certificate.certFile }))).toEqual({ ok: true });
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]).toMatchObject({
      user: 'me',
      isEncrypted: true,
      to: ['ops@example.org', 'night@example.org'],
    });
    const raw = server.mails[0]?.raw ?? '';
    expect(raw).toContain('Subject: [gtop] FIRING HighErrorRate (critical)\r\n');
    expect(raw).toContain('From: gtop <gtop@example.org>\r\n');
    expect(raw).toContain('Auto-Submitted: auto-generated\r\n');
    expect(raw).toContain('\r\nHighErrorRate happened\r\n');
  });

  it('goes out over TLS from the first byte', async () => {
    const certificate = makeCertificate();
    const server = await startMailServer({ secure: true, key: certificate.key, cert: certificate.cert }, CANARY);
    const settings = mailTo(server.port, { ...LOGIN, tls: 'implicit', ca_file: certificate.certFile });
    expect(await send(settings)).toEqual({ ok: true });
    expect(server.mails[0]).toMatchObject({ user: 'me', isEncrypted: true });
  });

  it('goes out in the clear only when told to', async () => {
    const server = await startMailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    expect(await send(mailTo(server.port))).toMatchObject({ ok: false, error: expect.stringContaining('STARTTLS') });
    expect(server.mails).toEqual([]);
    expect(await send(mailTo(server.port, { tls: 'none' }))).toEqual({ ok: true });
    expect(server.mails[0]).toMatchObject({ isEncrypted: false });
  });

  it('to a server whose certificate nobody vouches for does not go out, nor does the password', async () => {
    const server = await startMailServer({}, CANARY);
    expect(await send(mailTo(server.port, LOGIN))).toMatchObject({
      ok: false,
      error: expect.stringContaining('certificate'),
      retry: true,
    });
    expect(server.logins).toEqual([]);
  });

  it('has headers that no alert can break out of', async () => {
    const server = await startMailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const alerts = [
      alertOf('A\\x0d\\x0aBcc: evil@example.org', {
        severity: 'x\r\nBcc: evil@example.org\r\n\r\nforged body',
        annotations: { summary: 'line\r\n.\r\nMAIL FROM:<evil@example.org>' },
      }),
    ];
    await send(mailTo(server.port, { tls: 'none' }), { batch: batchOf({ alerts }) });
    expect(server.mails).toHaveLength(1);
    const [head = ''] = server.mails[0]?.raw.split('\r\n\r\n') ?? [];
    expect(head.split('\r\n').filter((line) => /^bcc:/i.test(line))).toEqual([]);
    expect(server.mails[0]?.to).toEqual(['ops@example.org', 'night@example.org']);
  });

  it('that only some recipients may have says so', async () => {
    const server = await startMailServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, callback) =>
        callback(address.startsWith('night') ? new Error('no such user') : null),
    });
    expect(await send(mailTo(server.port, { tls: 'none' }))).toEqual({
      ok: true,
      remark: 'the server refused 1 of 2 recipients',
    });
  });
});

describe('a mail server that does not take it', () => {
  it('refuses the login: not tried again, and its words, which quote the password, are not repeated', async () => {
    const certificate = makeCertificate();
    const server = await startMailServer({ key: certificate.key, cert: certificate.cert }, 'another');
    expect(await send(mailTo(server.port, { ...LOGIN, ca_file: certificate.certFile }))).toEqual({
      ok: false,
      error: 'login refused (535)',
      retry: false,
    });
    expect(server.logins).toEqual([['me', CANARY]]);
  });

  it.each([
    [550, false],
    [451, true],
  ])('answers %d: to be tried again: %s', async (code, retry) => {
    const server = await startMailServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onMailFrom: (_address, _session, callback) =>
        callback(Object.assign(new Error(`no, ${CANARY}`), { responseCode: code })),
    });
    expect(await send(mailTo(server.port, { tls: 'none' }))).toEqual({
      ok: false,
      error: `the server answers ${code} to MAIL FROM`,
      retry,
    });
  });

  it('is not there', async () => {
    expect(await send(mailTo(await closedPort(), LOGIN))).toEqual({
      ok: false,
      error: 'connection refused',
      retry: true,
    });
  });

  it('says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanup(() => void server.close());
    const { port } = server.address() as { port: number };
    expect(await send(mailTo(port, { timeout: 0.3 }))).toEqual({ ok: false, error: 'no answer in time', retry: true });
  });

  it('cannot be reached because the password is not there', async () => {
    expect(await send(mailTo(25, { username: 'me', password_file: '/nowhere/password' }))).toEqual({
      ok: false,
      error: '/nowhere/password: no such file',
      retry: true,
    });
  });
});
