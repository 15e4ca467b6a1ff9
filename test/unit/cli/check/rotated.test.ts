import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isQuicklyReadBack } from '../../../../src/cli/check/rotated.ts';
import { temporaryFolder } from '../../../support/cleanup.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const SINCE_MS = NOW_MS - 900_000;

it('a check reads back over rotated logs, but for a large compressed one that was written to lately', () => {
  const folder = temporaryFolder();
  const log = join(folder, 'access.log');
  const write = (name: string, bytes: number, secondsAgo: number) => {
    writeFileSync(join(folder, name), Buffer.alloc(bytes));
    const at = NOW_MS / 1000 - secondsAgo;
    utimesSync(join(folder, name), at, at);
  };
  expect(isQuicklyReadBack([log, '-'], SINCE_MS)).toBe(true);
  write('access.log', 10, 0);
  write('access.log.1', 9e6, 60);
  write('access.log.2.gz', 1e6, 120);
  write('access.log.3.gz', 9e6, 86_400);
  expect(isQuicklyReadBack([log], SINCE_MS)).toBe(true);
  write('access.log.2.gz', 9e6, 120);
  expect(isQuicklyReadBack([log], SINCE_MS)).toBe(false);
});
