// Numbered lines through rotations, read by `tail -F`, by the npm package `tail` and by gtop's follower at the same
// time: how many of the lines that reached the disk did each one lose, how many did it give twice? Takes 15 s.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PER_TICK = 50;
const TICK_MS = 10;
const WARM_UP_MS = 700;

/** A log with one writer, which has it open as a Gunicorn worker has. */
class Log {
  constructor(path) {
    this.path = path;
    this.fd = openSync(path, 'a');
    this.written = 0;
  }

  async writeFor(ms) {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(TICK_MS)) {
      const lines = Array.from(
        { length: PER_TICK },
        () => `${String(++this.written).padStart(8, '0')} "GET /item HTTP/1.1" 200 512 "-" "curl/8.5.0" 1234\n`,
      );
      appendFileSync(this.fd, lines.join(''));
    }
  }

  shift(from) {
    for (let number = 9; number >= from; number--) {
      const name = number === 0 ? this.path : `${this.path}.${number}`;
      if (existsSync(name)) renameSync(name, `${this.path}.${number + 1}`);
    }
  }

  rename() {
    this.shift(0);
    writeFileSync(this.path, '');
  }

  reopen() {
    closeSync(this.fd);
    this.fd = openSync(this.path, 'a');
  }

  copyTruncate() {
    this.shift(1);
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path, 0);
  }
}

const SCENARIOS = {
  'rename + create, USR1 0.5 s late, twice': async (log) => {
    for (let rotation = 0; rotation < 2; rotation++) {
      await log.writeFor(700);
      log.rename();
      await log.writeFor(500);
      log.reopen();
    }
    await log.writeFor(700);
  },
  'rename + create, five times 30 ms apart': async (log) => {
    await log.writeFor(700);
    for (let rotation = 0; rotation < 5; rotation++) {
      log.rename();
      await log.writeFor(15);
      log.reopen();
      await log.writeFor(15);
    }
    await log.writeFor(700);
  },
  'copytruncate, three times': async (log) => {
    for (let rotation = 0; rotation < 3; rotation++) {
      await log.writeFor(500);
      log.copyTruncate();
    }
    await log.writeFor(500);
  },
};

const FOLLOWERS = {
  'tail -F': (path) => ['tail', ['-n', '0', '-F', path]],
  'npm tail': (path) => [process.execPath, [fileURLToPath(import.meta.url), 'npm', path]],
  gtop: (path, bundle) => [process.execPath, [fileURLToPath(import.meta.url), 'gtop', path, bundle]],
};

/** The two followers that are libraries, each in a process of its own; lines go to standard output. */
async function follow(kind, path, bundle) {
  if (kind === 'npm') {
    const { Tail } = await import('tail');
    const tail = new Tail(path, { follow: true });
    tail.on('line', (line) => process.stdout.write(`${line}\n`));
    tail.on('error', () => {});
    return;
  }
  const { createFollower } = await import(pathToFileURL(bundle).href);
  const sink = { lines: (chunk, start, end) => process.stdout.write(Buffer.from(chunk.subarray(start, end))) };
  const follower = await createFollower({ path, sink, start: 'end', backend: 'generations' });
  for (;;) {
    while (follower.poll(Date.now()));
    await sleep(100);
  }
}

const numbers = (text) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => Number(line.slice(0, 8)));

async function run(title, scenario, bundle) {
  const folder = mkdtempSync(join(tmpdir(), 'gtop-loss-'));
  const path = join(folder, 'access.log');
  const log = new Log(path);
  const running = Object.entries(FOLLOWERS).map(([name, command]) => {
    const output = join(folder, `${name.replace(' ', '')}.out`);
    const child = spawn(...command(path, bundle), { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.pipe(createWriteStream(output));
    return { name, child, output };
  });
  await sleep(WARM_UP_MS);
  await scenario(log);
  // The npm package looks at a renamed file again after 1 s.
  await sleep(1_500);
  const onDisk = new Set(
    readdirSync(folder)
      .filter((name) => name.startsWith('access.log'))
      .flatMap((name) => numbers(readFileSync(join(folder, name), 'utf8'))),
  );
  console.log(`\n${title}: ${onDisk.size} lines on disk`);
  for (const { name, child, output } of running) {
    child.kill();
    await new Promise((done) => child.once('close', done));
    const received = numbers(readFileSync(output, 'utf8'));
    const distinct = new Set(received);
    const lost = [...onDisk].filter((number) => !distinct.has(number)).length;
    const percent = ((100 * lost) / onDisk.size).toFixed(1);
    console.log(
      `  ${name.padEnd(10)} lost ${String(lost).padStart(6)} (${percent.padStart(5)} %)   twice ${received.length - distinct.size}`,
    );
  }
  closeSync(log.fd);
  rmSync(folder, { recursive: true });
}

const [kind, path, bundleOf] = process.argv.slice(2);
if (kind) {
  await follow(kind, path, bundleOf);
} else {
  const { build } = await import('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'gtop-loss-'));
  const bundle = join(folder, 'follow.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../src/sources/follow/index.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['tail'],
    logLevel: 'warning',
  });
  console.log(`${(1000 / TICK_MS) * PER_TICK} lines a second at most, one writer with O_APPEND`);
  for (const [title, scenario] of Object.entries(SCENARIOS)) await run(title, scenario, bundle);
  rmSync(folder, { recursive: true });
}
