import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { takeSnapshot } from '../support/snapshot.ts';

afterAll(cleanUp);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number): string => String(value).padStart(2, '0');
const clock = (at: Date): string => [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(pad).join(':');
const accessTime = (at: Date): string =>
  `${pad(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${clock(at)} +0000`;
const errorTime = (at: Date): string => `${at.toISOString().slice(0, 10)} ${clock(at)} +0000`;

it('a reload in the logs is on the time line, with what it changed', async () => {
  const dir = temporaryFolder();
  const [accessLog, errorLog] = [join(dir, 'access.log'), join(dir, 'error.log')];
  const now = Math.floor(Date.now() / 1000) * 1000;
  const line = (secondsAgo: number, path: string, status: number, milliseconds: number): string =>
    `127.0.0.1 - - [${accessTime(new Date(now - secondsAgo * 1000))}] "GET ${path} HTTP/1.1" ${status} 5 "-" "-" ${milliseconds * 1000} <7>\n`;
  const lines: string[] = [];
  // Two minutes before, one minute since: /a takes twice as long, one in four of /b fails.
  for (let ago = 180; ago > 60; ago--) lines.push(line(ago, '/a', 200, 100), line(ago, '/b', 200, 50));
  for (let ago = 58; ago > 1; ago--)
    lines.push(line(ago, '/a', 200, 200), line(ago, '/b', ago % 4 === 0 ? 503 : 200, 50));
  writeFileSync(accessLog, lines.join(''));
  const at = new Date(now - 60_000);
  writeFileSync(
    errorLog,
    `[${errorTime(at)}] [100] [INFO] Handling signal: hup\n[${errorTime(at)}] [100] [INFO] Hang up: Master\n`,
  );

  const { deploys, events } = await takeSnapshot(['--no-config', '--log', accessLog, '--error-log', errorLog]);
  expect(deploys).toHaveLength(1);
  const [deploy] = deploys;
  expect(deploy).toMatchObject({ at: at.toISOString(), kind: 'reload' });
  expect(deploy?.before).toMatchObject({ requests: 240, serverErrorRatio: 0, memoryBytes: null });
  expect(deploy?.after).toMatchObject({ requests: 114, serverErrorRatio: expect.closeTo(14 / 114, 2) });
  expect((deploy?.after?.p95Seconds ?? 0) / (deploy?.before?.p95Seconds ?? 1)).toBeCloseTo(2, 1);
  expect(deploy?.paths.map(({ path }) => path)).toEqual(['/b', '/a']);
  expect(deploy?.paths[1]?.after.p50Seconds).toBeCloseTo(0.2, 2);
  expect(events.find(({ kind }) => kind === 'reload')?.text).toMatch(
    /^reload \(HUP\).* · 5xx 12 % since, none before, p95 \+\d+ % since \([\d.]+ ms → [\d.]+ ms\)$/,
  );
});
