import { describe, expect, it } from 'vitest';
import type { ErrorEntry } from '../../../src/model/facts.ts';
import { MasterIdentities } from '../../../src/model/master-identity.ts';
import { entry } from './lifecycle-log.ts';
import { master, T0 } from './samples.ts';

const started = (pid: number, version: string, seconds: number): ErrorEntry => ({
  ...entry('Starting gunicorn', { pid, atMs: T0 + seconds * 1000 }),
  event: { kind: 'master-start', version },
});

describe('what a master says of itself', () => {
  it('fills the gaps of what its process shows', () => {
    const identities = new MasterIdentities();
    identities.learn(started(1, '26.2.0', 0));
    expect(identities.complete(master({ pid: 1, version: null })).version).toBe('26.2.0');
    expect(identities.complete(master({ pid: 2, version: null })).version).toBeNull();
  });

  it('is what the newest line says, in whatever order they are read: in a container every master has the same pid', () => {
    const identities = new MasterIdentities();
    expect(identities.learn(started(1, '26.2.0', 100))).toBe(true);
    expect(identities.learn(started(1, '20.1.0', 0))).toBe(false);
    expect(identities.complete(master({ pid: 1, version: null })).version).toBe('26.2.0');
    expect(identities.learn(started(1, '27.0.0', 200))).toBe(true);
    expect(identities.complete(master({ pid: 1, version: null })).version).toBe('27.0.0');
  });
});
