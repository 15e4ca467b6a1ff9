/** Requests to a Gunicorn under test: one, many with known content, or raw bytes. */
import { type Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';

export type Endpoint = { readonly host: string; readonly port: number } | { readonly socketPath: string };

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

export interface Answer {
  readonly status: number;
  /** Bytes of the body. */
  readonly bytes: number;
  readonly body: string;
}

/** One request; rejects when the connection breaks before the answer is whole. */
export function request(endpoint: Endpoint, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, agent } = options;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ ...endpoint, path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, bytes: body.length, body: body.toString() });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Sends bytes as they are (hostile request lines, broken headers) and resolves with all that came back. */
export function sendRaw(endpoint: Endpoint, bytes: Buffer | string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = 'port' in endpoint ? connect(endpoint.port, endpoint.host) : connect(endpoint.socketPath);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    socket.end(bytes);
  });
}
