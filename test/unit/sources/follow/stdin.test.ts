import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { createStdinFollower } from '../../../../src/sources/follow/stdin.ts';
import { until } from '../../../support/wait.ts';
import { CollectingSink, fresh, scene, text } from './scene.ts';

/** A program that follows its standard input in a worker thread, prints each line, and ends on `quit`. */
function program(folder: string): string {
  const source = join(folder, 'program.ts');
  writeFileSync(
    source,
    `import { isMainThread, parentPort, Worker } from 'node:worker_threads';
     import { createStdinFollower } from ${JSON.stringify(join(process.cwd(), 'src/sources/follow/stdin.ts'))};
     if (isMainThread) {
       const worker = new Worker(new URL(import.meta.url));
       worker.on('message', (message) => {
         process.stdout.write(JSON.stringify(message) + '\\n');
         if (message.line === 'quit' || message.state) process.exit(0);
       });
     } else {
       const follower = createStdinFollower({
         sink: {
           lines(chunk, start, end, live) {
             for (const line of chunk.toString('utf8', start, end).trimEnd().split('\\n')) parentPort.postMessage({ line, live });
           },
         },
         onEnd: () => parentPort.postMessage({ state: follower.stats.state }),
       });
     }`,
  );
  const outfile = join(folder, 'program.mjs');
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
  return outfile;
}

describe('standard input', () => {
  it('a file fed in is history, read to its end', async () => {
    const log = scene();
    const lines = log.add(10_000);
    writeFileSync(log.path, 'unfinished', { flag: 'a' });
    const sink = new CollectingSink();
    const follower = createStdinFollower({ sink, fd: openSync(log.path, 'r') });
    expect(follower.path).toBe('-');
    await until('the end', () => follower.stats.state === 'ended');
    expect(sink.all).toEqual([...lines, 'unfinished']);
    expect(sink.received.some(({ live }) => live)).toBe(false);
    expect(follower.stats).toMatchObject({ lagBytes: 0, message: null, linesTruncated: 0 });
  });

  it('a pipe is live; its unfinished line is given up when told to finish, once', async () => {
    const { path } = scene();
    execFileSync('mkfifo', [path]);
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    const sink = new CollectingSink();
    const follower = createStdinFollower({ sink, fd });
    writeSync(writer, 'one\ntw');
    await until('six bytes', () => follower.stats.bytesRead === 6);
    expect(follower.stats).toMatchObject({ state: 'live', lagBytes: null });
    follower.finish(0);
    follower.finish(0);
    expect(sink.received).toEqual(['one', 'tw'].map((line) => ({ line, live: true })));
    expect(follower.stats.state).toBe('ended');
    closeSync(writer);
  });

  it('a pipe, in a worker thread: lines come as they are written, the last one at the end', async () => {
    const child = spawn(process.execPath, [program(scene().folder)], { stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    const lines = fresh(3);
    child.stdin.write(text(lines));
    await until('three lines', () => out.trimEnd().split('\n').length === 3);
    child.stdin.end('last');
    await new Promise((done) => child.once('close', done));
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([...lines, 'last'].map((line) => ({ line, live: true })).concat({ state: 'ended' } as never));
  });

  it('an open, silent pipe does not hold up the end of the program', async () => {
    const child = spawn(process.execPath, [program(scene().folder)], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.write('quit\n');
    expect(await new Promise((done) => child.once('close', done))).toBe(0);
    child.stdin.destroy();
  });
});
