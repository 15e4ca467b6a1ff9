import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { whyNoRequest, withoutFalseZeros } from '../../../src/ui/false-zeros.ts';
import { aSource, aWorker, quiet } from '../../support/snapshots.ts';
import { contextOf, drawPane, figuresOf, lineWith } from './panes/draw.ts';

/** As the model counts where the log is not there: nothing came, and so no request a second. */
function logMissing(): Snapshot {
  const none = quiet();
  const source = aSource({ path: '/var/log/access.log', state: 'waiting', linesRead: 0, message: null });
  return {
    ...none,
    traffic: { ...none.traffic, requestsTotal: 0 },
    ingest: { ...none.ingest, sources: [source] },
  };
}

describe('a log that was never read', () => {
  it('has no rates, where a quiet one has rates of zero', () => {
    const { traffic, series } = withoutFalseZeros(logMissing());
    expect(traffic).toMatchObject({ requestsPerSecond: null, requestsPerMinute: null, bytesPerSecond: null });
    expect(series.requestsPerSecond.every((rate) => rate === null)).toBe(true);
    const silent = quiet();
    expect(withoutFalseZeros(silent)).toBe(silent);
  });

  it('draws a gap, and says why in every pane', () => {
    const shown = withoutFalseZeros(logMissing());
    const chart = drawPane('traffic', shown, 60, 9).join('\n');
    expect(chart).toContain('–/min · –/s');
    expect(chart).not.toMatch(/──|0\/s/);
    for (const pane of ['latency', 'paths', 'clients', 'slow'] as const)
      expect(drawPane(pane, shown, 70, 9).join('\n')).toContain('access.log: not found: waiting');
  });

  it('is another thing than a filter that nothing passes', () => {
    const context = contextOf(quiet());
    expect(whyNoRequest(context)).toBe('no request in the window');
    const filtered = { ...context, state: { ...context.state, filter: 'status>=500' } };
    expect(whyNoRequest(filtered)).toBe('no request in the window passes the filter');
  });
});

describe('workers that nobody may look at', () => {
  const unseen = quiet({ workers: [1, 2].map((pid) => aWorker({ pid, state: 'unknown' })) });

  it('are not said to be idle', () => {
    const shown = withoutFalseZeros(unseen);
    expect(shown.saturation.busyWorkers).toBeNull();
    expect(figuresOf('workers', shown)).toContain('– busy');
    expect(lineWith(drawPane('workers', shown, 70, 20), ' busy ')).toMatch(/busy +–$/);
  });

  it('are another thing than workers of which some can be seen', () => {
    const some = quiet({ workers: [aWorker({ pid: 1, state: 'unknown' }), aWorker({ pid: 2, state: 'idle' })] });
    expect(withoutFalseZeros(some)).toBe(some);
  });
});
