import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { descriptorWaitedOn, waitsForClient } from '../../../../src/sources/gunicorn/client-wait.ts';
import { until } from '../../../support/wait.ts';

it('is a call that reads or writes a descriptor', () => {
  const rest = '0x7ffd 0x2000 0x0 0x0 0x0 0x7ffd 0x7f62';
  expect(descriptorWaitedOn(`45 0x9 ${rest}`, 'x64')).toBe('9');
  expect(descriptorWaitedOn(`40 0x1f ${rest}`, 'x64')).toBe('31');
  // select(10, …), clock_nanosleep(CLOCK_MONOTONIC, …), futex(…).
  for (const call of ['270 0xa', '230 0x1', '202 0x5593dd4b8380']) {
    expect(descriptorWaitedOn(`${call} ${rest}`, 'x64')).toBeNull();
  }
  expect(descriptorWaitedOn('running\n', 'x64')).toBeNull();
  expect(descriptorWaitedOn(`45 0x9 ${rest}`, 'riscv64')).toBeNull();
});

const PROGRAM = `
import os, socket, sys
client = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
print(os.fstat(client.fileno()).st_ino, flush=True)
client.recv(1)
sys.stdin.read()
`;

it('is told of a process that reads from a client, until that has sent', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const child = spawn('python3', ['-c', PROGRAM, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [[socket], [line]] = (await Promise.all([once(server, 'connection'), once(child.stdout, 'data')])) as [
      [Socket],
      [Buffer],
    ];
    const inode = Number(line.toString());
    const pid = child.pid ?? 0;
    await until('it waits', () => waitsForClient(pid, [inode]) === true);
    expect(waitsForClient(pid, [inode + 1])).toBe(false);
    socket.write('x');
    await until('it waits for something else', () => waitsForClient(pid, [inode]) === false);
    socket.destroy();
  } finally {
    child.kill('SIGKILL');
    server.close();
  }
});
