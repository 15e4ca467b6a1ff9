/** A real SMTP server that keeps the mails it gets. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onCleanup } from './cleanup.ts';

export interface Mail {
  readonly user: string | null;
  readonly isEncrypted: boolean;
  readonly to: readonly string[];
  /** Headers and text as they came. */
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  readonly mails: readonly Mail[];
  /** Pairs of user and password that were tried. */
  readonly logins: readonly (readonly [string, string])[];
}

/** @param password the only one it takes; null asks for no login. */
export async function startMailServer(options: SMTPServerOptions, password: string | null = null): Promise<MailServer> {
  const mails: Mail[] = [];
  const logins: [string, string][] = [];
  const server = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    authOptional: password === null,
    onAuth({ username, password: given }, _session, callback) {
      logins.push([username ?? '', given ?? '']);
      // A careless server that says what it was told.
      if (given === password) callback(null, { user: username });
      else callback(new Error(`wrong password ${given}`));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({
          user: typeof session.user === 'string' ? session.user : null,
          isEncrypted: session.secure,
          to: session.envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
    ...options,
  });
  // A client that breaks off is no failure of the test.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onCleanup(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails, logins };
}
