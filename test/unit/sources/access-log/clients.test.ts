import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AccessLogParser } from '../../../../src/sources/access-log/index.ts';

const SAMPLES = 'test/fixtures/gunicorn';

/** The format of the runs named `tlm`: every atom there is. */
const ALL_ATOMS =
  'T=%(T)s M=%(M)s D=%(D)s L=%(L)s p=%(p)s m=%(m)s U=%(U)s q=%(q)s H=%(H)s s=%(s)s B=%(B)s b=%(b)s h=%(h)s ' +
  'xff=%({x-forwarded-for}i)s rid=%({x-request-id}i)s outct=%({content-type}o)s xthing=%({x-thing}o)s ' +
  'env=%({server_port}e)s none=%({nope}i)s/%({nope}o)s/%({nope}e)s/%(Z)s r="%(r)s"';

interface Exchange {
  readonly method: string;
  readonly target: string;
  readonly status: number;
}

/** A Python bytes literal, as UTF-8. */
function fromBytesLiteral(literal: string): string {
  const latin1 = literal.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex, other) =>
    hex === undefined ? other : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/** Requests that the client wrote by hand: what Gunicorn made of them where it served them (20.1 takes `get /`). */
const HAND_MADE: Readonly<Record<string, Pick<Exchange, 'method' | 'target'>>> = {
  'invalid method': { method: 'GET', target: '/' },
  'bad version': { method: 'GET', target: '/' },
  'ctrl in uri': { method: 'GET', target: '/a\x01b\x1b[31m' },
};

/** What the client sent and got, in its order, without the requests that Gunicorn refused or never read. */
function clientSide(file: string): Exchange[] {
  const exchanges: Exchange[] = [];
  for (const line of readFileSync(join(SAMPLES, file), 'utf8').split('\n')) {
    const status = Number(/(?:-> |: |\d )b['"]HTTP\/\d\.\d (\d{3})/.exec(line)?.[1] ?? Number.NaN);
    const [, method, literal] = /^([A-Z]+) b['"](.*)['"] -> /.exec(line) ?? [];
    const [, number] = /^ka (\d)/.exec(line) ?? [];
    const handMade = HAND_MADE[line.slice(0, Math.max(0, line.indexOf(':')))];
    if (Number.isNaN(status)) continue;
    if (method !== undefined) exchanges.push({ method, target: fromBytesLiteral(literal), status });
    else if (number !== undefined) exchanges.push({ method: 'GET', target: `/ka${number}`, status });
    else if (handMade !== undefined && status !== 400) exchanges.push({ ...handMade, status });
  }
  return exchanges;
}

function logSide(file: string): Exchange[] {
  const exchanges: Exchange[] = [];
  const parser = new AccessLogParser({
    format: file.includes('tlm') ? ALL_ATOMS : 'auto',
    onRecord: ({ method, target, status }) => exchanges.push({ method: method ?? '', target: target ?? '', status }),
  });
  const bytes = readFileSync(join(SAMPLES, file));
  parser.push(bytes, 0, bytes.length);
  parser.settle(true);
  return exchanges;
}

const told = ({ method, target, status }: Exchange): string => `${method} ${target} ${status}`;

/** Lines of one list that have no partner in the other one, both being in the same order. */
function differences(left: readonly string[], right: readonly string[]) {
  const onlyLeft: string[] = [];
  const onlyRight: string[] = [];
  let at = 0;
  for (const line of left) {
    const found = right.indexOf(line, at);
    if (found === -1 || found > at + 2) {
      onlyLeft.push(line);
      continue;
    }
    onlyRight.push(...right.slice(at, found));
    at = found + 1;
  }
  onlyRight.push(...right.slice(at));
  return { onlyLeft, onlyRight };
}

/** What Gunicorn itself tells differently (`gunicorn/workers/sync.py`, handle_request: the log call before 21.0). */
const NOT_THE_SAME: Readonly<Record<string, ReturnType<typeof differences>>> = {
  // An exception behind the headers, and a client that went away: no line.
  '20.1.0': { onlyLeft: ['GET /mid-error 200', 'GET /drip 200'], onlyRight: [] },
  // A generator that raises before its first chunk: one line for the headers, one for the error page.
  '26.2.0': { onlyLeft: [], onlyRight: ['GET /gen-error 200'] },
};

describe('record by record, the log is what the client saw', () => {
  const files = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /client-(clf_D|default|json|tlm)\.txt$/.test(file))
    .sort();

  it.each(files)('%s', (file) => {
    const client = clientSide(file).map(told);
    const log = logSide(file.replace('client-', 'access-').replace('.txt', '.log')).map(told);
    expect(client.length).toBeGreaterThan(40);
    const [version] = file.split('/');
    expect(differences(client, log)).toEqual(NOT_THE_SAME[version]);
  });
});
