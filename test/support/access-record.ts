import type { AccessRecord } from '../../src/model/facts.ts';

/** Noon of a day in UTC. */
export const NOON_MS = Date.UTC(2026, 10, 21, 12);

/** A request of the kind that a service answers all day, at noon; the test names what matters. */
export const accessRecord = (differences: Partial<AccessRecord> = {}): AccessRecord => ({
  atMs: NOON_MS,
  method: 'GET',
  target: '/',
  path: '/',
  protocol: 'HTTP/1.1',
  status: 200,
  bytes: 100,
  seconds: 0.01,
  address: '10.0.0.1',
  user: null,
  referrer: null,
  userAgent: 'curl/8.5.0',
  worker: 0,
  excluded: false,
  ...differences,
});
