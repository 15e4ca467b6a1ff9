/** One GET request, bounded in time and size, that leaves nothing behind. */
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { sayTrouble } from './trouble.ts';

export interface GetOrder {
  /** `http:` or `https:`. */
  readonly url: string;
  /** A unix socket to send it through; null goes by the URL. */
  readonly socket: string | null;
  /** The `Host` header; null takes the URL's. */
  readonly host: string | null;
  readonly accept: string;
  /** For everything together: name, connection, answer. */
  readonly timeoutMs: number;
  /** Of a longer body no more is read. */
  readonly mostBytes: number;
  /** Ends it early, as a failure. */
  readonly signal: AbortSignal;
}

export type GetOutcome =
  | {
      readonly ok: true;
      readonly status: number;
      /** UTF-8; broken bytes as U+FFFD. */
      readonly body: string;
      /** The body is longer than what was read of it. */
      readonly isCut: boolean;
    }
  | {
      readonly ok: false;
      /** One sentence, for people. */
      readonly error: string;
      /** Somebody took the connection, and then said nothing in time. */
      readonly isUnanswered: boolean;
    };

/**
 * Never rejects. Each request has a connection of its own, closed behind it: one kept alive would hold a thread of a
 * gthread worker, and would hide that new ones are no longer accepted. Redirects are not followed.
 */
export async function get(order: GetOrder): Promise<GetOutcome> {
  const url = new URL(order.url);
  // Loaded here: a start without probes must not pay for it.
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    const connection = { isOpen: false };
    const late = setTimeout(() => {
      const what = connection.isOpen ? 'no answer' : 'no connection';
      settle({ ok: false, error: `${what} within ${order.timeoutMs / 1000} s`, isUnanswered: connection.isOpen });
    }, order.timeoutMs);
    const stop = (): void => settle({ ok: false, error: 'stopped', isUnanswered: false });
    let outgoing: ClientRequest | null = null;
    let isSettled = false;
    const settle = (outcome: GetOutcome): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(late);
      order.signal.removeEventListener('abort', stop);
      outgoing?.destroy();
      resolve(outcome);
    };
    order.signal.addEventListener('abort', stop);
    outgoing = request(url, optionsOf(order), (response) => readBody(response, order.mostBytes, settle));
    outgoing.on('socket', (socket) => socket.once('connect', () => (connection.isOpen = true)));
    outgoing.on('error', (error) => settle({ ok: false, error: sayTrouble(error), isUnanswered: false }));
    outgoing.end();
    if (order.signal.aborted) stop();
  });
}

const optionsOf = ({ socket, host, accept }: GetOrder): RequestOptions => ({
  agent: false,
  ...(socket === null ? {} : { socketPath: socket }),
  headers: {
    ...(host === null ? {} : { Host: host }),
    Accept: accept,
    'Accept-Encoding': 'identity',
    'User-Agent': 'gtop',
    Connection: 'close',
  },
});

function readBody(response: IncomingMessage, mostBytes: number, settle: (outcome: GetOutcome) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const done = (isCut: boolean): void => {
    const body = Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
    settle({ ok: true, status: response.statusCode ?? 0, body, isCut });
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) done(true);
  });
  response.on('end', () => done(false));
  // A server that breaks off has answered nonetheless: its status stands.
  response.on('error', () => done(true));
}
