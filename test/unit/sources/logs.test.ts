import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ErrorEntry } from '../../../src/model/facts.ts';
import { openAccessLog } from '../../../src/sources/logs.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 13);
const folder = mkdtempSync(join(tmpdir(), 'gtop-logs-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function readAll(path: string, format = 'auto') {
  const paths: (string | null)[] = [];
  const entries: ErrorEntry[] = [];
  const options = { path, format, backend: 'generations', fromStart: true, sinceMs: 0 } as const;
  const log = await openAccessLog({ ...options, onForeign: (entry) => entries.push(entry) }, ({ path }) =>
    paths.push(path),
  );
  while (log.poll(NOW_MS));
  log.finish(NOW_MS);
  const fact = log.fact();
  log.close();
  return { paths, entries, fact };
}

describe('an access log as a source', () => {
  it('gives the entries of an error log that is mixed into it, and counts their lines once', async () => {
    const { paths, entries, fact } = await readAll(
      resolve('test/fixtures/gunicorn/26.2.0/streams/merged-stdout-stderr.txt'),
    );
    expect(paths).toHaveLength(3);
    expect(entries).toHaveLength(11);
    expect(entries.map(({ event }) => event?.kind)).toContain('worker-boot');
    expect(fact).toMatchObject({ linesRead: 24, linesParsed: 14, linesRejected: 10, message: null });
  });

  it('says where a format stops fitting that fits no line', async () => {
    const path = join(folder, 'access.log');
    const line = '10.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 12\n';
    writeFileSync(path, line + line);
    const format = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s %(D)s';
    const { fact } = await readAll(path, format);
    expect(fact).toMatchObject({ linesParsed: 0, linesRejected: 2 });
    expect(fact.message).toMatch(/^format does not fit: line 1, column \d+: expected /);

    writeFileSync(path, line + line.replace('12\n', '12 5000\n'));
    expect((await readAll(path, format)).fact).toMatchObject({ linesParsed: 1, linesRejected: 1, message: null });
  });
});
