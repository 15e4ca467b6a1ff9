import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ServiceThreads, stillOf } from '../../../../src/sources/gunicorn/service-threads.ts';
import { until } from '../../../support/wait.ts';

/** Threads by since when they have not run, connections by since when they have been in service; seconds. */
function still(threads: readonly number[], connections: readonly number[], looks = 60): number[] {
  return stillOf({
    still: new Map(threads.map((since, index) => [String(index), { timeSlices: '1', sinceMs: since * 1000 }])),
    served: new Map(connections.map((since, inode) => [inode, since * 1000])),
    firstLookMs: 0,
    looks,
  }).map((sinceMs) => sinceMs / 1000);
}

describe('threads that do not run', () => {
  it('hang in a request, each with its connection', () => {
    expect(still([10, 30], [10, 30, 55])).toEqual([10, 30]);
  });

  it('may have done so long before the first look', () => {
    expect(still([-3600], [0])).toEqual([-3600]);
    expect(still([-3600], [0], 5)).toEqual([-3600]);
    // Until then a connection that is kept alive may have had several requests.
    expect(still([-3600], [0], 4)).toEqual([0]);
  });

  it("are the application's own where every connection came later: a thread that sleeps for an hour", () => {
    expect(still([-3600], [40, 50])).toEqual([]);
    expect(still([10], [40])).toEqual([]);
  });

  it('are no more than the connections that have been in service all the while', () => {
    expect(still([-3600, 30], [30, 58])).toEqual([30]);
    expect(still([-3600, -60, 30], [0, 58])).toEqual([-3600]);
  });
});

const PROGRAM = `
import sys, threading, time
lock = threading.Lock()
lock.acquire()
for wait in (lock.acquire, lock.acquire, lambda: time.sleep(60)):
    threading.Thread(target=wait, daemon=True).start()
print('ready', flush=True)
sys.stdin.read()
`;

it('tells threads that wait for a lock from one that waits for something else', async () => {
  const child = spawn('python3', ['-c', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const threads = new ServiceThreads();
    const look = (isExact: boolean) =>
      threads.look(child.pid ?? 0, 1, { inService: [1, 2, 3], unsettled: 0, isExact }, 4, Date.now());
    await until('two wait for the lock', () => look(true)?.locked === 2);
    expect(look(true)).toMatchObject({ busy: 3, locked: 2 });
    // Where connections at rest cannot be told from others, a thread that waits may have no work.
    expect(look(false)).toMatchObject({ busy: 1, locked: null });
  } finally {
    child.kill('SIGKILL');
  }
});
