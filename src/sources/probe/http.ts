/** One look of an HTTP probe. */
import type { ProbeResult } from '../../model/facts.ts';
import { type GetOutcome, get } from '../client/get.ts';
import { fieldAt, readHealthBody } from './body.ts';
import type { HttpProbe } from './spec.ts';
import { levelOf } from './words.ts';

const MOST_BYTES = 64 * 1024;
/** A proxy in front of Gunicorn says that it got no answer in time, or no connection. */
const GATEWAY = [502, 503, 504];

/** Asks once. Never rejects. */
export async function probeHttp(spec: HttpProbe, signal: AbortSignal): Promise<ProbeResult> {
  const startedAt = performance.now();
  const outcome = await get({
    url: spec.url,
    socket: spec.socket,
    host: spec.host,
    accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
    timeoutMs: spec.timeoutSeconds * 1000,
    mostBytes: MOST_BYTES,
    signal,
  });
  return judge(spec, outcome, (performance.now() - startedAt) / 1000);
}

/** What an answer means. A status that is not expected, a wrong field, and the word `unhealthy` each make a failure. */
export function judge(spec: Pick<HttpProbe, 'statuses' | 'json'>, outcome: GetOutcome, seconds: number): ProbeResult {
  if (!outcome.ok) {
    const { error, isUnanswered } = outcome;
    const none = { statusCode: null, seconds: null, checks: [] };
    return { ok: false, status: 'error', error, isUnanswered, ...none };
  }
  const { status: statusCode, body, isCut } = outcome;
  // Half an object cannot be read; half a page says nothing either way.
  const health = readHealthBody(isCut ? '' : body);
  const common = { statusCode, seconds, checks: health.checks, isUnanswered: GATEWAY.includes(statusCode) };
  const fail = (error: string): ProbeResult => ({ ok: false, status: 'error', error, ...common });

  const said = health.word === null ? '' : `: ${health.word}`;
  if (!isExpected(spec.statuses, statusCode)) {
    const isRedirect = statusCode >= 300 && statusCode < 400;
    return fail(isRedirect ? `redirects (${statusCode}), which is not followed` : `answers ${statusCode}${said}`);
  }
  const wanted = Object.entries(spec.json);
  if (wanted.length > 0 && (isCut || health.json === undefined)) {
    return fail(isCut ? 'the answer is longer than 64 KiB' : 'the answer is not JSON');
  }
  for (const [path, value] of wanted) {
    const found = fieldAt(health.json, path);
    if (String(found) !== String(value)) return fail(`${path} is ${sayValue(found)}, not ${sayValue(value)}`);
  }
  const bad = sayBad(health.checks);
  if (health.level === 'error') return fail(sayHealth(health.word, bad));
  const status = health.level ?? 'ok';
  const isKnown = status === 'unknown' && wanted.length > 0;
  const error = status === 'degraded' ? sayHealth(health.word, bad) : null;
  return { ok: true, status: isKnown ? 'ok' : status, error, ...common };
}

const isExpected = (statuses: readonly string[], status: number): boolean =>
  statuses.some((wanted) => (wanted.endsWith('xx') ? wanted[0] === String(status)[0] : wanted === String(status)));

/** `says unhealthy: database down`; a good word with bad parts is left out. */
function sayHealth(word: string | null, bad: string): string {
  const said = word === null || levelOf(word) === 'ok' ? '' : `says ${word}`;
  return said === '' || bad === '' ? said || bad : `${said}: ${bad}`;
}

/** `cache degraded, database down`: the parts that are not well. */
const sayBad = (checks: ProbeResult['checks']): string =>
  checks
    .filter(({ level }) => level === 'error' || level === 'degraded')
    .map(({ name, status }) => `${name} ${status}`)
    .slice(0, 3)
    .join(', ');

function sayValue(value: unknown): string {
  if (value === undefined) return 'not there';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value).slice(0, 100);
}
