/**
 * The exporter: a small HTTP server that answers `GET /metrics`, `/healthz` and `/snapshot` and nothing else. Whoever
 * may connect is a stranger: everything that a client can make large or slow has a limit.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { formatListenAddress, type ListenAddress } from './address.ts';
import { acceptsGzip } from './negotiate.ts';
import { PAGES, type Page, type PageOptions, plain, type Served } from './pages.ts';

/** Connections at once; further ones are closed. A scraper needs one. */
const MOST_CONNECTIONS = 64;
const MOST_REQUESTS_PER_CONNECTION = 1000;
/** Of the request line and the headers. */
const MOST_HEADER_BYTES = 8192;
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than the usual 15 s between two scrapes. */
const KEEP_ALIVE_MS = 20_000;
/** A client that takes nothing of its answer. */
const IDLE_TIMEOUT_MS = 30_000;
/** One that takes it drop by drop. */
const ANSWER_TIMEOUT_MS = 60_000;
/**
 * Requests of a connection whose answers are under way. No scraper asks again before it has its answer; who sends a
 * thousand at once and reads none of the pages would have them all made and kept (measured: 1.7 GB). Two, for the end of
 * an answer may be known here after the next request.
 */
const MOST_UNANSWERED = 2;
/** How often the timeouts above are looked at. */
const TIMEOUT_CHECK_MS = 1_000;
/** Below this gzip saves nothing that counts. */
const LEAST_GZIP_LENGTH = 1024;

export interface ServerOptions {
  readonly listen: ListenAddress;
  readonly served: Served;
  /** Asked for each answer: a reload may change it. */
  readonly httpAliases: () => boolean;
  readonly now?: () => number;
}

export interface RunningServer {
  /** Where it listens, the port that was got included. */
  readonly address: ListenAddress;
  close(): Promise<void>;
}

/** Starts to listen. @throws Error with one sentence for a person when that cannot be. */
export async function startServer({ listen, now = Date.now, ...rest }: ServerOptions): Promise<RunningServer> {
  // Loaded here: the dashboard and the engine's thread must not pay for HTTP unless it is used.
  const [{ createServer }, { gzip }] = await Promise.all([import('node:http'), import('node:zlib')]);
  const compress = promisify(gzip);
  const pages: PageOptions = { ...rest, now };
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    (request, response) => {
      if (!isInTurn(request, response)) return;
      answer(request, response, pageFor(request, pages), compress).catch(() => response.destroy());
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.maxRequestsPerSocket = MOST_REQUESTS_PER_CONNECTION;
  server.timeout = IDLE_TIMEOUT_MS;
  const port = await bind(server, listen);
  return {
    address: { host: listen.host, port },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const unanswered = new WeakMap<object, number>();

/** Counts what a connection asks for; one that asks for too much at once is cut off, as is one that is too slow. */
function isInTurn({ socket }: IncomingMessage, response: ServerResponse): boolean {
  if (socket.destroyed) return false;
  const count = (unanswered.get(socket) ?? 0) + 1;
  if (count > MOST_UNANSWERED) {
    socket.destroy();
    return false;
  }
  unanswered.set(socket, count);
  const late = setTimeout(() => socket.destroy(), ANSWER_TIMEOUT_MS).unref();
  response.once('close', () => {
    clearTimeout(late);
    unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1);
  });
  return true;
}

function pageFor(request: IncomingMessage, options: PageOptions): Page {
  const { method, url = '/', headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD');
  const [path = '/', query = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 2);
  const page = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
  if (page === undefined) return plain(404, 'not found: there are /metrics, /healthz and /snapshot?window=1m');
  try {
    return page(options, { query: new URLSearchParams(query), accept: headers.accept });
  } catch {
    return plain(500, 'gtop could not make this page');
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body }: Page,
  compress: (body: string) => Promise<Buffer>,
): Promise<void> {
  const zips = body.length >= LEAST_GZIP_LENGTH && acceptsGzip(String(request.headers['accept-encoding'] ?? ''));
  const content = zips ? await compress(body) : Buffer.from(body);
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': content.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept, Accept-Encoding',
    ...(zips ? { 'Content-Encoding': 'gzip' } : {}),
    // Who sends what is not asked for may go on to send a body without end.
    ...(status === 405 ? { Allow: 'GET, HEAD', Connection: 'close' } : {}),
  });
  // To HEAD Node sends the headers alone.
  response.end(content);
}

const TROUBLES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use: choose another one',
  EACCES: 'permission denied: ports below 1024 need root',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
};

/** @returns the port. @throws Error that says in one sentence why it cannot listen there. */
function bind(server: Server, listen: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    // Stays: later ones (no descriptor left for a connection) must not end gtop.
    server.on('error', (error: NodeJS.ErrnoException) => {
      const why = TROUBLES[error.code ?? ''] ?? error.code ?? error.message;
      reject(new Error(`--listen ${formatListenAddress(listen)}: ${why}`));
    });
    server.listen(listen.port, listen.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : listen.port);
    });
  });
}
