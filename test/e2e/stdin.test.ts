import { expect, it } from 'vitest';
import { runGtop } from '../support/cli.ts';
import { parseSnapshot } from '../support/snapshot.ts';

/** `%(t)s` of some seconds ago, in UTC. */
function stamp(secondsAgo: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(
    new Date(Date.now() - secondsAgo * 1000).toUTCString(),
  ) as RegExpExecArray;
  return `[${day}/${month}/${year}:${time} +0000]`;
}

it('counts lines from standard input in the window of their time stamps, from the first one on', async () => {
  const lines = Array.from(
    { length: 40 },
    (_, index) => `10.0.0.1 - - ${stamp(5 + (index % 10))} "GET /users/${index} HTTP/1.1" 200 12 "-" "curl/8" 2500\n`,
  );
  const { stdout, code } = await runGtop(['--once', '--json', '--no-config', '--log', '-', '--window', '1m'], {
    input: lines.join(''),
  });
  expect(code).toBe(0);
  const snapshot = parseSnapshot(stdout);
  expect(snapshot.traffic).toMatchObject({ requestsTotal: 40, requests: 40 });
  expect(snapshot.latency?.count).toBe(40);
  expect(snapshot.paths).toMatchObject([{ method: 'GET', path: '/users/{id}', count: 40 }]);
});
