/** Run by follow.mjs: the engine of the dashboard on a log that somebody else writes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULTS } from '../src/cli/config.ts';
import { engineConfig } from '../src/cli/targets.ts';
import { Engine } from '../src/engine/engine.ts';

const [folder = '.', writer = ''] = process.argv.slice(2);
const seconds = Number(process.env.SECONDS ?? 60);
const rate = Number(process.env.RATE ?? 50_000);
const log = join(folder, 'access.log');

/** CPU seconds of a process so far: proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

writeFileSync(log, '');
const engine = new Engine(await engineConfig({ ...DEFAULTS, log: [log], fromStart: true }, true));
await engine.start();
const tail = spawn('tail', ['-n', '+1', '-F', log], { stdio: ['ignore', 'ignore', 'ignore'] });
const lines = spawn('python3', [writer, log, String(rate), String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
let written = '';
lines.stdout.on('data', (text: Buffer) => {
  written += text.toString();
});

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
const before = process.cpuUsage();
const started = performance.now();
// What a screen does at the same time.
const asking = setInterval(() => engine.snapshot({ windowSeconds: 60, atMs: null }), 1000);
await once(lines, 'close');
const took = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(before);
delay.disable();
const tailSeconds = tail.pid === undefined ? Number.NaN : cpuSecondsOf(tail.pid);
tail.kill();
await sleep(500);
clearInterval(asking);
await engine.readToEnd();
const { ingest } = engine.snapshot({ windowSeconds: null, atMs: null });
engine.stop();

const percent = (cpuSeconds: number): string => `${((100 * cpuSeconds) / took).toFixed(1)} % of a core`;
const total = Number(written);
console.log(`${total} lines in ${took.toFixed(1)} s, ${Math.round(total / took)} a second`);
console.log(`counted     ${ingest.linesRead} (${total - ingest.linesRead} lost)`);
console.log(`CPU         ${percent((user + system) / 1e6)}   goal 25 %   (tail -F: ${percent(tailSeconds)})`);
// The monitor's own resolution is in its figures.
console.log(
  `event loop  ${(delay.max / 1e6 - 10).toFixed(1)} ms late at most, 99.9 %: ${(delay.percentile(99.9) / 1e6 - 10).toFixed(1)} ms   goal 50 ms`,
);
console.log(`memory      ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at its peak`);
