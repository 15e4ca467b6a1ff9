/**
 * The demo's worker process: a sync worker, which takes one connection at a time and leaves the others in the
 * accept queue (gunicorn/workers/sync.py).
 */
import { futimesSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { DEMO_TIMEOUT_SECONDS, demoVariable, HEARTBEAT_FD } from './environment.ts';
import { DemoLogs } from './files.ts';
import { type DemoRequest, readRequest } from './order.ts';
import { WORKER_TITLE } from './titles.ts';
import { PAYMENT_ERROR, TIMED_OUT } from './tracebacks.ts';

/** Processor time that a request takes besides waiting. */
const BURN_MILLISECONDS = 0.1;
/** Duration that Gunicorn logs for a request that failed: it starts the clock anew to write the 500 page. */
const MADE_UP_MICROSECONDS = 900;

export function runWorker(): void {
  process.title = WORKER_TITLE;
  const logs = new DemoLogs(demoVariable('DIR'));
  /** Never accepted on: every worker of Gunicorn holds the listening socket, busy or not. */
  const held: unknown[] = [];
  /** Open while this worker waits for a connection. */
  let waiting: Server | null = null;
  /** The request in service. */
  let current: { readonly request: DemoRequest; readonly socket: Socket } | null = null;
  let leaving = false;

  const beat = () => {
    const now = new Date();
    futimesSync(HEARTBEAT_FD, now, now);
  };

  const leave = () => {
    logs.error('INFO', `Worker exiting (pid: ${process.pid})`);
    process.exit(0);
  };

  /** Asks the master for the listening socket, to accept one more connection. */
  const next = () => {
    current = null;
    if (leaving) leave();
    beat();
    process.send?.('next');
  };

  const acceptOne = (listener: Server) => {
    const server = createServer((socket) => {
      // Closed in the same turn, so that the connections behind this one stay in the accept queue.
      server.close();
      waiting = null;
      beat();
      receive(socket);
    });
    waiting = server.listen(listener, 2048);
  };

  const receive = (socket: Socket) => {
    let head = '';
    let whole = false;
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('data', (text) => {
      head += text;
      if (whole || !head.includes('\r\n\r\n')) return;
      whole = true;
      current = { request: readRequest(head), socket };
      serve(current.request, socket);
    });
    socket.on('close', () => {
      if (!whole) next();
    });
  };

  const serve = (request: DemoRequest, socket: Socket) => {
    const { order } = request;
    if (order.ending === 'hangs') return;
    const startedAt = performance.now();
    while (performance.now() - startedAt < BURN_MILLISECONDS);
    setTimeout(() => {
      if (order.ending === 'raises') fail(request, PAYMENT_ERROR);
      else logs.access({ ...request, ...order, microseconds: (performance.now() - startedAt) * 1000 });
      reply(socket, order.status, order.bytes);
      next();
    }, order.milliseconds);
  };

  /** What Gunicorn logs of a request whose application raised: neither size nor headers nor a true duration. */
  const fail = ({ requestLine, order }: DemoRequest, traceback: string) => {
    logs.error('ERROR', `Error handling request ${requestLine.replace(/ HTTP\/.*$/, '')}\n${traceback}`);
    const { address } = order;
    logs.access({
      ...{ address, requestLine, status: 500, bytes: 0, referrer: '-', userAgent: '-' },
      microseconds: MADE_UP_MICROSECONDS,
    });
  };

  process.on('SIGABRT', () => {
    if (current !== null) {
      fail(current.request, TIMED_OUT);
      reply(current.socket, 500, 0);
    }
    leave();
  });
  process.on('SIGTERM', () => {
    leaving = true;
    if (current === null) leave();
  });
  process.on('SIGUSR1', () => logs.reopen());
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message, listener) => {
    if (message === 'accept') acceptOne(listener as Server);
    else held.push(listener);
  });

  setInterval(
    () => {
      if (waiting !== null) beat();
    },
    (DEMO_TIMEOUT_SECONDS * 1000) / 2,
  );
  logs.error('INFO', `Booting worker with pid: ${process.pid}`);
  process.send?.('booted');
}

function reply(socket: Socket, status: number, bytes: number): void {
  const head = `HTTP/1.1 ${status} Demo\r\nServer: gtop demo\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n`;
  socket.end(head + 'x'.repeat(bytes), 'latin1');
}
