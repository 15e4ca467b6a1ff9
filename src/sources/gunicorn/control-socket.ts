/**
 * The control socket of a master (gunicorn/ctl/, since 25.1). Messages are JSON behind a length of 4 bytes, big-endian.
 * Only `show` is ever asked: whoever can open the socket could also shut the server down.
 *
 * Each asking has a connection of its own, closed at once: the master stops its control server before every fork, and a
 * connection that idles there would hold up the fork of a worker.
 */
import { connect } from 'node:net';
import { sayTrouble } from '../client/trouble.ts';

/** What is asked. */
export type ControlCommand = 'show stats' | 'show workers' | 'show config' | 'show dirty';

/** The `data` of an answer. */
export type ControlData = Readonly<Record<string, unknown>>;

export type ControlOutcome =
  /** In the order of the commands; null where the master answered with an error. */
  | { readonly ok: true; readonly data: readonly (ControlData | null)[] }
  | {
      readonly ok: false;
      readonly error: string;
      /** The socket was gone for a moment, as it is around every fork of the master. */
      readonly mayPass: boolean;
    };

/** Gunicorn allows 16 MiB; the answer of a master with 1,000 workers has 100 kB. */
const MOST_BYTES = 1024 * 1024;

/** Codes of a socket that is about to come back (gunicorn/ctl/server.py, _restart_after_fork). */
const PASSING = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

export interface AskOptions {
  /** For all commands together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks one thing after the other on one connection. Never rejects. */
export function askControlSocket(
  path: string,
  commands: readonly ControlCommand[],
  { timeoutMs, signal }: AskOptions,
): Promise<ControlOutcome> {
  return new Promise((resolve) => {
    const data: (ControlData | null)[] = [];
    let pending = Buffer.alloc(0);
    const socket = connect({ path });
    const settle = (outcome: ControlOutcome): void => {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(outcome);
    };
    const fail = (error: string, mayPass = false): void => settle({ ok: false, error, mayPass });
    const late = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    const stop = (): void => fail('stopped');
    signal.addEventListener('abort', stop);

    const ask = (): void => {
      const command = commands[data.length];
      if (command === undefined) settle({ ok: true, data });
      else socket.write(encode({ id: data.length + 1, command, args: [] }));
    };
    socket.once('connect', ask);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      if (pending.length < 4) return;
      const length = pending.readUInt32BE(0);
      if (length > MOST_BYTES) return fail('the answer is no Gunicorn control message');
      if (pending.length < 4 + length) return;
      const answer = decode(pending.subarray(4, 4 + length));
      if (answer === null) return fail('the answer is no Gunicorn control message');
      pending = pending.subarray(4 + length);
      data.push(answer.data);
      ask();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => fail(sayTrouble(error), PASSING.includes(error.code ?? '')));
    socket.on('close', () => fail('connection closed without an answer', true));
    if (signal.aborted) stop();
  });
}

function encode(message: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, payload]);
}

/** Null for what is no answer; its data are null where the master could not do what it was asked. */
function decode(payload: Buffer): { readonly data: ControlData | null } | null {
  try {
    const message: unknown = JSON.parse(payload.toString('utf8'));
    if (!isObject(message)) return null;
    if (message.status === 'error') return { data: null };
    return message.status === 'ok' && isObject(message.data) ? { data: message.data } : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is ControlData =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
