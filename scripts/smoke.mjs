// Runs the built gtop with another Node: `node scripts/smoke.mjs NODE-BINARY`. Exit status 1 when anything fails.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn as spawnPty } from '@lydell/node-pty';

const node = process.argv[2] ?? process.execPath;
const gtop = fileURLToPath(new URL('../bin/gtop.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gtop-smoke-'));
const log = join(folder, 'access.log');
const line = (path, status) =>
  `127.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET ${path} HTTP/1.1" ${status} 5 "-" "curl/8" 1500 <7>\n`;
writeFileSync(log, line('/', 200) + line('/users/7', 200) + line('/missing', 404));

const environment = { ...process.env, XDG_CONFIG_HOME: folder, TERM: 'xterm-256color' };

const run = (...args) => {
  const { status, stdout, stderr } = spawnSync(node, [gtop, ...args], {
    encoding: 'utf8',
    env: environment,
    input: '',
    timeout: 20_000,
  });
  if (status !== 0) throw new Error(`exit status ${status}: ${stderr}`);
  if (stderr !== '') throw new Error(`standard error: ${stderr}`);
  return stdout;
};

const expect = (condition, what) => {
  if (!condition) throw new Error(what);
};

/** Opens the dashboard, presses q once `wanted` is on the screen, and resolves with what was written. */
const dashboard = (wanted, ...args) =>
  new Promise((resolve, reject) => {
    const pty = spawnPty(node, [gtop, ...args], { cols: 120, rows: 30, env: { ...environment, CI: undefined } });
    let written = '';
    let asked = false;
    const late = setTimeout(() => {
      pty.kill('SIGKILL');
      reject(new Error(`no ${wanted} within 20 s: ${JSON.stringify(written.slice(-500))}`));
    }, 20_000);
    pty.onData((text) => {
      written += text;
      if (asked || !written.includes(wanted)) return;
      asked = true;
      pty.write('q');
    });
    pty.onExit(({ exitCode }) => {
      clearTimeout(late);
      if (exitCode === 0) resolve(written);
      else reject(new Error(`exit status ${exitCode}: ${JSON.stringify(written.slice(-500))}`));
    });
  });

const checks = {
  '--version': () => expect(/^\S*\s*\d+\.\d+\.\d+\n$/.test(run('--version')), 'no version'),
  '--help': () => expect(run('--help').includes('--log'), 'no --log in the help'),
  '--once --json': () => {
    const { traffic, status } = JSON.parse(run('--once', '--json', '--from-start', '--window', 'all', '--log', log));
    expect(traffic.requestsTotal === 3, `requestsTotal is ${traffic.requestsTotal}, not 3`);
    expect(status.codes['404'] === 1, `codes are ${JSON.stringify(status.codes)}`);
  },
  dashboard: async () => {
    const written = await dashboard('Traffic', '--log', log, '--from-start');
    expect(written.includes('\x1b[?1049l'), 'the alternate screen was not left');
  },
  demo: () => dashboard('checkout', 'demo'),
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      gtop ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  gtop ${name}: ${error instanceof Error ? error.message : error}`);
  }
}
rmSync(folder, { recursive: true });
console.log(
  `${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}: ${failed === 0 ? 'good' : `${failed} checks failed`}`,
);
process.exitCode = failed === 0 ? 0 : 1;
