/** One HTTP request to a receiver of notices: bounded in time and size, and without anyone else's help. */
import type { IncomingMessage } from 'node:http';
import { failed, type Outcome, refused, SENT } from './channel.ts';
import { FileMissing, readSecret, readSmallFile } from './secret.ts';
import { sourceOf } from './settings.ts';
import { sayError } from './trouble.ts';

/** The settings of a channel that speaks HTTP, as `HTTP_ENTRIES` in `settings.ts` checks them. */
export interface HttpSettings extends Readonly<Record<string, unknown>> {
  readonly username?: string;
  readonly headers?: Readonly<Record<string, { reveal(): string }>>;
  readonly ca_file?: string;
}

export interface HttpMessage {
  readonly method?: 'POST' | 'GET';
  /** What is sent; null for none. */
  readonly json: unknown;
  /** Makes of the configured address the one to call. */
  readonly address?: (configured: URL) => URL;
  readonly signal: AbortSignal;
  /** Says what an answer other than 2xx means, from its first bytes; null leaves it to the status. */
  readonly sayAnswer?: (text: string) => string | null;
}

/** Of an answer no more is read; what comes after it is cut off with the connection. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A receiver may not ask for a longer pause than this. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Client errors that pass: time limit, too early, too many. */
const PASSING = [408, 425, 429];

/**
 * Sends one message. Redirects are not followed: they would carry the message, and perhaps a token, to an address that
 * nobody configured. An error never quotes the address or the answer.
 */
export async function sendHttp(settings: HttpSettings, message: HttpMessage): Promise<Outcome> {
  let answer: Answer;
  try {
    answer = await exchange(settings, message);
  } catch (error) {
    if (error instanceof FileMissing || error instanceof BadAddress) return failed(error.message);
    return failed(message.signal.aborted ? 'no answer in time' : sayError(error));
  }
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return SENT;
  if (status >= 300 && status < 400) return refused(`redirects (${status}), which is not followed: give the final url`);
  const said = message.sayAnswer?.(answer.text) ?? null;
  const error = said === null ? `answers ${status}` : `answers ${status}: ${said}`;
  return status >= 500 || PASSING.includes(status) ? failed(error, retryAfterMs) : refused(error);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

class BadAddress extends Error {}

async function exchange(settings: HttpSettings, message: HttpMessage): Promise<Answer> {
  const url = await addressOf(settings, message);
  const body = message.json === null ? null : JSON.stringify(message.json);
  const headers = await headersOf(settings, body);
  const ca = settings.ca_file === undefined ? undefined : await readSmallFile(settings.ca_file);
  // Loaded here: a start without notices must not pay for them.
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const { method = 'POST', signal } = message;
    // Errors that come after an answer has begun do not matter: it settles the promise.
    let isAnswered = false;
    const outgoing = request(url, { method, headers, ca, signal, agent: false }, (response) => {
      isAnswered = true;
      readAnswer(response).then(resolve);
    });
    outgoing.on('error', (error) => isAnswered || reject(error));
    outgoing.end(body ?? undefined);
  });
}

async function addressOf(settings: HttpSettings, { address }: HttpMessage): Promise<URL> {
  const source = sourceOf(settings, 'url');
  if (source === null) throw new BadAddress('has no url');
  const text = (await readSecret(source)).reveal();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new BadAddress('the url is not an http or https address');
  return address ? address(url) : url;
}

async function headersOf(settings: HttpSettings, body: string | null): Promise<Record<string, string>> {
  const headers: Record<string, string> = { 'User-Agent': 'gtop', Connection: 'close' };
  if (body !== null) {
    headers['Content-Type'] = 'application/json';
    headers['Content-Length'] = String(Buffer.byteLength(body));
  }
  const token = sourceOf(settings, 'bearer_token');
  if (token) headers.Authorization = `Bearer ${(await readSecret(token)).reveal()}`;
  const password = sourceOf(settings, 'password');
  if (settings.username !== undefined) {
    const login = `${settings.username}:${password ? (await readSecret(password)).reveal() : ''}`;
    headers.Authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  }
  for (const [name, value] of Object.entries(settings.headers ?? {})) headers[name] = value.reveal();
  return headers;
}

/** Resolves whatever becomes of the body: once the status has come, the message was taken or not. */
function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const done = (): void =>
      resolve({
        status: response.statusCode ?? 0,
        text: Buffer.concat(chunks).toString('utf8'),
        retryAfterMs: retryAfterOf(response.headers['retry-after']),
      });
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) response.destroy();
    });
    response.on('error', done);
    response.on('close', done);
  });
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
