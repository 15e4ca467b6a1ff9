import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { accessTime, DemoLogs, demoFiles, errorTime } from '../../../../src/cli/demo/files.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gtop-test-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const line = {
  address: '192.0.2.7',
  requestLine: 'GET /products/9?q="x" HTTP/1.1',
  status: 200,
  bytes: 1400,
  referrer: '-',
  userAgent: 'curl/8.5.0',
  microseconds: 1234.6,
};

it("writes the access log in Gunicorn's format, quotes escaped as Gunicorn does", () => {
  new DemoLogs(dir).access(line);
  const text = readFileSync(demoFiles(dir).accessLog, 'utf8');
  expect(text).toMatch(/^192\.0\.2\.7 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "/);
  expect(text).toContain(`"GET /products/9?q=\\"x\\" HTTP/1.1" 200 1400 "-" "curl/8.5.0" 1235 <${process.pid}>\n`);
});

it("writes the error log in Gunicorn's format", () => {
  new DemoLogs(dir).error('CRITICAL', 'WORKER TIMEOUT (pid:7)');
  expect(readFileSync(demoFiles(dir).errorLog, 'utf8')).toMatch(
    new RegExp(
      `^\\[[\\d-]{10} [\\d:]{8} [+-]\\d{4}\\] \\[${process.pid}\\] \\[CRITICAL\\] WORKER TIMEOUT \\(pid:7\\)\\n$`,
    ),
  );
});

it('goes on in a new file after a rotation', () => {
  const logs = new DemoLogs(dir);
  const { accessLog } = demoFiles(dir);
  logs.access(line);
  renameSync(accessLog, `${accessLog}.1`);
  logs.reopen();
  logs.access(line);
  expect(readFileSync(accessLog, 'utf8')).toBe(readFileSync(`${accessLog}.1`, 'utf8'));
});

it('writes times in local time with the offset from UTC', () => {
  const at = new Date(2026, 10, 3, 4, 5, 6);
  const offset = errorTime(at).slice(-5);
  expect(accessTime(at)).toBe(`[03/Nov/2026:04:05:06 ${offset}]`);
  expect(errorTime(at)).toBe(`2026-11-03 04:05:06 ${offset}`);
  expect(Date.parse(errorTime(at).replace(' ', 'T').replace(' ', ''))).toBe(at.getTime());
});
