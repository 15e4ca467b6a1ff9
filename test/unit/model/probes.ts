/** Probes as plain literals: one that is well, but for what a test says. */
import type { ProbeFact, ProbeResult } from '../../../src/model/facts.ts';
import { T0 } from './samples.ts';

export const probeResult = (rest: Partial<ProbeResult> = {}): ProbeResult => ({
  ok: true,
  status: 'ok',
  statusCode: 200,
  seconds: 0.012,
  error: null,
  isUnanswered: false,
  checks: [],
  ...rest,
});

export const probe = (rest: Partial<ProbeFact> = {}): ProbeFact => ({
  name: 'web',
  target: 'http://127.0.0.1:8000/health',
  kind: 'http',
  up: true,
  isFailing: false,
  failures: 0,
  last: probeResult(),
  checkedAtMs: T0,
  ...rest,
});

/** One that has failed as often as it takes. */
export const failing = (rest: Partial<ProbeFact> = {}, error = 'connection refused'): ProbeFact =>
  probe({
    up: false,
    isFailing: true,
    failures: 3,
    last: probeResult({ ok: false, status: 'error', statusCode: null, seconds: null, error }),
    ...rest,
  });
