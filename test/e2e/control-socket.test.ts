/** The control socket of real masters, and of what only looks like one. */
import { renameSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ControlFact } from '../../src/model/facts.ts';
import { findControlSocket } from '../../src/sources/gunicorn/control-path.ts';
import { ControlWatch } from '../../src/sources/gunicorn/control-watch.ts';
import { cleanUp, onCleanup, temporaryFolder } from '../support/cleanup.ts';
import { type GunicornOptions, type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const socketOf = (gunicorn: RunningGunicorn): string => join(gunicorn.dir, 'gunicorn.ctl');

/** A Gunicorn whose control server has started: that comes after the workers. */
async function startWithControl(options: GunicornOptions): Promise<RunningGunicorn> {
  const gunicorn = await startGunicorn(options);
  // Its file is there a moment before it listens.
  await until('the control socket listens', () => findControlSocket(gunicorn.pid));
  return gunicorn;
}

/** What one asking finds out. */
async function ask(masterPid: number, find?: (pid: number) => string | null) {
  const facts: ControlFact[] = [];
  const settings: unknown[] = [];
  const watch = new ControlWatch({
    onFact: (fact) => facts.push(fact),
    onSettings: (said) => settings.push(said),
    ...(find ? { find } : {}),
  });
  await watch.settle(Date.now(), masterPid);
  watch.close();
  return { fact: facts[0], settings };
}

/** A unix socket that does with each connection what it is told. */
async function pretend(path: string, serve: (socket: Socket) => void): Promise<void> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    onCleanup(() => void socket.destroy());
    serve(socket);
  });
  onCleanup(() => void server.close());
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

describe('the control socket of Gunicorn 26', () => {
  it('is found without being named, and tells what the master wants', async () => {
    const gunicorn = await startWithControl({ workers: 2, workerClass: 'gthread', threads: 3, timeout: 17 });
    const { fact, settings } = await ask(gunicorn.pid);
    expect(fact).toMatchObject({ path: socketOf(gunicorn), error: null });
    expect(fact?.answer).toMatchObject({ masterPid: gunicorn.pid, workersTarget: 2, workersSpawned: 2, reloads: 0 });
    expect(fact?.answer?.workers.map(({ pid }) => pid).sort()).toEqual(gunicorn.workers().sort());
    expect(fact?.answer?.workers.every(({ heartbeatAgeSeconds }) => heartbeatAgeSeconds !== null)).toBe(true);
    expect(settings).toEqual([
      { workerClass: 'gthread', threads: 3, timeoutSeconds: 17, maxRequests: 0, workerConnections: 1000 },
    ]);
  });

  it('is in the snapshot, where the target follows TTIN although the command line does not', async () => {
    const gunicorn = await startWithControl({ workers: 1 });
    gunicorn.signal('SIGTTIN');
    await until('a second worker', () => gunicorn.workers().length === 2);
    const { control, master } = await takeSnapshot(['--pid', gunicorn.pidFile]);
    expect(control).toMatchObject({ error: null, workersTarget: 2, workersSpawned: 2 });
    expect(master?.workersTarget).toBe(2);
  });

  it('is not mistaken for a listener, and no listener for it', async () => {
    const gunicorn = await startWithControl({ workers: 1, listen: 'unix' });
    expect(findControlSocket(gunicorn.pid)).toBe(socketOf(gunicorn));
    const without = await startGunicorn({ workers: 1, listen: 'unix', extraArgs: ['--no-control-socket'] });
    expect(findControlSocket(without.pid)).toBeNull();
    expect(await ask(without.pid)).toMatchObject({ fact: { path: null, error: null, answer: null }, settings: [] });
  });

  it('of another master is told from the own one', async () => {
    const [own, other] = [await startWithControl({ workers: 1 }), await startWithControl({ workers: 1 })];
    // What happens to two Gunicorns of one user whose path is the default one.
    renameSync(socketOf(other), socketOf(own));
    const { fact, settings } = await ask(own.pid);
    expect(fact).toMatchObject({ error: `belongs to master ${other.pid}`, answer: null });
    expect(settings).toEqual([]);
  });

  it('of another user is out of reach, and everything else goes on', async () => {
    const gunicorn = await startWithControl({ workers: 1 });
    const snapshot = await takeSnapshot(['--pid', gunicorn.pidFile], { asNobody: true });
    expect(snapshot.master?.pid).toBe(gunicorn.pid);
    expect(snapshot.control).toMatchObject({ path: null, workersTarget: null });
  });
});

describe('Gunicorn 20.1', () => {
  it('has none, and nothing is missing', async () => {
    const gunicorn = await startGunicorn({ version: '20.1', workers: 1 });
    expect((await ask(gunicorn.pid)).fact).toMatchObject({ path: null, error: null, answer: null });
  });
});

describe('a socket that is no control socket', () => {
  const cases: readonly [what: string, error: RegExp, serve: (socket: Socket) => void][] = [
    ['never answers', /^no answer within 1 s$/, () => {}],
    ['hangs up', /^connection closed without an answer$/, (socket) => void socket.end()],
    ['speaks HTTP', /^the answer is no Gunicorn/, (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['claims 4 GiB', /^the answer is no Gunicorn/, (socket) => void socket.write(Buffer.alloc(8, 0xff))],
    ['sends no JSON', /^the answer is no Gunicorn/, (socket) => void socket.write(framed('{"status"'))],
    ['sends another JSON', /^the answer is no Gunicorn/, (socket) => void socket.write(framed('[1, 2]'))],
    ['answers in drops', /^no answer within 1 s$/, (socket) => void socket.write(Buffer.from([0, 0]))],
  ];

  const framed = (text: string): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(text.length);
    return Buffer.concat([head, Buffer.from(text)]);
  };

  it.each(cases)('%s', async (_what, error, serve) => {
    const path = join(temporaryFolder(), 'x.ctl');
    await pretend(path, serve);
    const { fact } = await ask(4711, () => path);
    expect(fact?.error).toMatch(error);
    expect(fact?.answer).toBeNull();
  });

  it('is not there', async () => {
    const path = join(temporaryFolder(), 'gone.ctl');
    expect((await ask(4711, () => path)).fact).toMatchObject({ error: 'no such socket', answer: null });
  });
});
