import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { whyNoRequest } from '../../../src/ui/notes.ts';
import { aSource, quiet } from '../../support/snapshots.ts';
import { contextOf, drawPane } from './panes/draw.ts';

/** As the model tells of a log that is not there. */
function logMissing(): Snapshot {
  const none = quiet();
  const source = aSource({ path: '/var/log/access.log', state: 'waiting', linesRead: 0, message: null });
  const unknown = none.series.requestsPerSecond.map(() => null);
  return {
    ...none,
    traffic: {
      ...none.traffic,
      ...{ requestsTotal: 0, requestsPerSecond: null, requestsPerMinute: null, bytesPerSecond: null },
    },
    series: { ...none.series, requestsPerSecond: unknown, bytesPerSecond: unknown },
    ingest: { ...none.ingest, sources: [source] },
  };
}

describe('a log that was never read', () => {
  it('is drawn as a gap, and every pane says why', () => {
    const shown = logMissing();
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
    const plain = { ...filtered, state: { ...filtered.state, filter: '500' } };
    expect(whyNoRequest(plain)).toBe('no path in the window holds this text: try status=500');
  });
});
