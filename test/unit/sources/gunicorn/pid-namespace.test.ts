import { describe, expect, it } from 'vitest';
import type { ErrorEntry, LifecycleEvent } from '../../../../src/model/facts.ts';
import { type Numbering, PidNamespace, parseOwnPid, withPids } from '../../../../src/sources/gunicorn/pid-namespace.ts';

/** Processes out here by their pids, with the pid that each has inside; the children of 4711. */
function container(own: Record<number, number>, children: number[] = []): Numbering & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    ownPid(pid) {
      asked.push(pid);
      return own[pid] ?? pid;
    },
    children: () => children,
  };
}

const process = (pid: number, startTicks = pid) => ({ pid, startTicks });

describe('the pid that a process has for itself', () => {
  it.each([
    ['Name:\tgunicorn\nNSpid:\t4711\t7\nNSpgid:\t4711\t1\n', 7],
    ['NSpid:\t4711\t12\t1\n', 1],
    ['NSpid:\t4711\n', 4711],
    ['Name:\tNSpid: 5\n', null],
    ['', null],
  ])('%j', (status, pid) => {
    expect(parseOwnPid(status)).toBe(pid);
  });
});

describe('the process that a pid in a log means', () => {
  it('is the one of that number inside', () => {
    const namespace = new PidNamespace(container({ 4711: 1, 4720: 7, 4721: 8 }));
    namespace.update([process(4711)], [process(4720), process(4721)]);
    expect([1, 7, 8].map((pid) => namespace.outside(pid))).toEqual([4711, 4720, 4721]);
  });

  it('is the pid itself where nothing is contained, at the price of one question', () => {
    const numbering = container({});
    const namespace = new PidNamespace(numbering);
    for (let look = 0; look < 3; look++) namespace.update([process(100)], [process(101), process(102)]);
    expect([100, 101, 7].map((pid) => namespace.outside(pid))).toEqual([100, 101, 7]);
    expect(numbering.asked).toEqual([100]);
  });

  it('is found when it started since the last look, and not looked for twice in vain', () => {
    const children = [4720];
    const own: Record<number, number> = { 4711: 1, 4720: 7 };
    const numbering = container(own, children);
    const namespace = new PidNamespace(numbering);
    namespace.update([process(4711)], [process(4720)]);
    expect(namespace.outside(9)).toBe(9);
    own[4730] = 9;
    children.push(4730);
    expect(namespace.outside(9)).toBe(9);
    namespace.update([process(4711)], [process(4720)]);
    expect(namespace.outside(9)).toBe(4730);
  });

  it('is remembered after its end, until another has the number', () => {
    const own: Record<number, number> = { 4711: 1, 4720: 7 };
    const namespace = new PidNamespace(container(own));
    namespace.update([process(4711)], [process(4720)]);
    namespace.update([process(4711)], []);
    expect(namespace.outside(7)).toBe(4720);
    own[4799] = 7;
    namespace.update([process(4711)], [process(4799)]);
    expect(namespace.outside(7)).toBe(4799);
  });

  it('is asked anew for a pid out here that has passed to another process', () => {
    const own: Record<number, number> = { 4711: 1, 4720: 7 };
    const namespace = new PidNamespace(container(own));
    namespace.update([process(4711)], [process(4720, 1)]);
    own[4720] = 12;
    namespace.update([process(4711)], [process(4720, 2)]);
    expect(namespace.outside(12)).toBe(4720);
  });
});

describe('an entry of the error log', () => {
  const entry = (event: LifecycleEvent | null, pid: number | null = 1): ErrorEntry => ({
    ...{ atMs: 0, level: 'info', message: 'm', traceback: null },
    ...{ pid, event },
  });
  const outside = (pid: number): number => pid + 4710;

  it('has the pids of its writer and of whom it tells', () => {
    expect(withPids(entry({ kind: 'worker-timeout', pid: 7 }), outside)).toMatchObject({
      pid: 4711,
      event: { kind: 'worker-timeout', pid: 4717 },
    });
    const listening = { kind: 'listening', listeners: [], masterPid: 1 } as const;
    expect(withPids(entry(listening), outside).event).toEqual({ ...listening, masterPid: 4711 });
    expect(withPids(entry({ ...listening, masterPid: null }), outside).event).toMatchObject({ masterPid: null });
  });

  it('stays as it is where it names none', () => {
    expect(withPids(entry({ kind: 'reload' }, null), outside)).toEqual(entry({ kind: 'reload' }, null));
    expect(withPids(entry(null, null), outside)).toEqual(entry(null, null));
  });
});
