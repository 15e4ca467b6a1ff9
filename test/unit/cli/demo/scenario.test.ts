import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRequest, writeRequest } from '../../../../src/cli/demo/order.ts';
import {
  CYCLE_SECONDS,
  nextRequest,
  type Phase,
  phaseAt,
  requestRate,
  stuckRequest,
} from '../../../../src/cli/demo/scenario.ts';

/** The same numbers from 0 to 1 for every run (Park and Miller's generator). */
function seeded(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const requestsOf = (phase: Phase, count: number) => {
  const random = seeded();
  return Array.from({ length: count }, () => nextRequest(phase, random));
};

it('plays calm, slow reports, failing checkout, a stuck worker and a reload, over and over', () => {
  const phases = Array.from({ length: CYCLE_SECONDS }, (_, second) => phaseAt(second));
  const changes = phases.filter((phase, second) => phase !== phases[second - 1]);
  expect(changes).toEqual(['calm', 'slow reports', 'calm', 'failing checkout', 'stuck worker', 'reload']);
  expect(phaseAt(CYCLE_SECONDS * 3 + 20)).toBe(phaseAt(20));
});

it('asks of four workers a third of their time when calm and more than all of it while reports are slow', () => {
  const erlangs = (phase: Phase) => {
    const requests = requestsOf(phase, 5000);
    const mean = requests.reduce((sum, { order }) => sum + order.milliseconds, 0) / requests.length / 1000;
    return mean * requestRate(0);
  };
  expect(erlangs('calm')).toBeLessThan(1.5);
  expect(erlangs('slow reports')).toBeGreaterThan(4);
});

it('fails only the checkout, and only in its phase', () => {
  expect(requestsOf('calm', 2000).filter(({ order }) => order.status >= 500)).toEqual([]);
  const failed = requestsOf('failing checkout', 2000).filter(({ order }) => order.status >= 500);
  expect(failed.length).toBeGreaterThan(200);
  expect(new Set(failed.map(({ requestLine }) => requestLine))).toEqual(new Set(['POST /checkout HTTP/1.1']));
  expect(new Set(failed.map(({ order }) => order.ending))).toEqual(new Set(['raises', 'answers']));
});

it('carries each order to the worker in one header', () => {
  const request = stuckRequest(seeded());
  expect(request.order.ending).toBe('hangs');
  expect(readRequest(writeRequest(request))).toEqual(request);
});

it('answers whatever a stranger sends with the plain order', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { order } = readRequest(`GET / HTTP/1.1\r\nX-Demo-Order: {${text}\r\n\r\n`);
      expect(order.ending).toBe('answers');
    }),
  );
});
