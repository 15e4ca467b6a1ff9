import { describe, expect, it } from 'vitest';
import { AlertEngine } from '../../../../src/alerts/index.ts';
import type { ServiceView } from '../../../../src/model/service-view.ts';
import { diagnose } from '../../../../src/model/verdict/index.ts';
import { failing, probe, probeResult } from '../probes.ts';
import { master, T0 } from '../samples.ts';
import { row, saturationOf, view } from '../views.ts';

const causes = (rest: Partial<ServiceView>) =>
  diagnose(view(rest), []).causes.filter(({ kind }) => kind.startsWith('probe-'));

const unanswered = probeResult({
  ok: false,
  status: 'error',
  statusCode: null,
  error: 'no answer within 3 s',
  isUnanswered: true,
});
const listening = [master({ listeners: ['127.0.0.1:8000'] })];
const allBusy = {
  masters: listening,
  workers: [1, 2].map((pid) => row(pid, { state: 'busy', busyThreads: 1, busySeconds: 38 })),
  saturation: saturationOf({ busyWorkers: 2, capacity: 2 }),
};

describe('a failing probe', () => {
  it('is a cause: critical when it is sure, a warning before', () => {
    expect(causes({ probes: [probe()] })).toEqual([]);
    expect(causes({ probes: [failing({ name: 'db', kind: 'tcp', target: '127.0.0.1:5432' })] })).toEqual([
      { kind: 'probe-failed', level: 'critical', text: 'db is down: connection refused · 3 times in a row' },
    ]);
    expect(causes({ probes: [failing({ isFailing: false, failures: 1 })] })).toMatchObject([{ level: 'warning' }]);
    expect(causes({ probes: [probe({ up: null, last: null })] })).toEqual([]);
  });

  it('names the surest, and counts the others', () => {
    const [text] = causes({ probes: [failing({ isFailing: false }), failing({ name: 'db' }), failing({ name: 'x' })] });
    expect(text?.text).toBe('db is down: connection refused · 3 times in a row · 2 more probes down');
  });

  it('means saturated where it got no answer while all workers are busy', () => {
    expect(causes({ ...allBusy, probes: [failing({ last: unanswered })] })[0]?.text).toBe(
      'web is down: no answer within 3 s · 3 times in a row · saturated rather than down: all 2 workers busy for 38 s',
    );
    const proxied = failing({ target: 'https://shop.example.org/', last: { ...unanswered, statusCode: 504 } });
    expect(causes({ ...allBusy, probes: [proxied] })[0]?.text).toContain('saturated rather than down');
  });

  it.each<[string, Partial<ServiceView>]>([
    ['workers are free', { masters: listening, probes: [failing({ last: unanswered })] }],
    ['it was refused', { ...allBusy, probes: [failing()] }],
    ['it is about another service', { ...allBusy, probes: [failing({ target: 'http://x:9/', last: unanswered })] }],
    ['it is a database', { ...allBusy, probes: [failing({ kind: 'tcp', target: 'db:1', last: unanswered })] }],
    [
      'only one thread of each worker is busy',
      {
        ...allBusy,
        saturation: saturationOf({ busyWorkers: 2, capacity: 8 }),
        probes: [failing({ last: unanswered })],
      },
    ],
  ])('means down where %s', (_why, rest) => expect(causes(rest)[0]?.text).not.toContain('saturated'));

  it('says that the master is gone', () => {
    expect(causes({ masters: [], probes: [failing()] })[0]?.text).toContain('the master is gone');
  });
});

describe('a degraded probe', () => {
  it('is a warning with the parts that are not well', () => {
    const degraded = probe({ last: probeResult({ status: 'degraded', error: 'cache down' }) });
    expect(causes({ probes: [degraded] })).toEqual([
      { kind: 'probe-degraded', level: 'warning', text: 'web is degraded: cache down' },
    ]);
  });
});

describe('the alert ProbeFailed', () => {
  const rowsFor = (probes: ServiceView['probes']) => {
    const engine = new AlertEngine();
    engine.evaluate(view({ probes }), T0);
    return engine.rows().filter(({ name }) => name === 'ProbeFailed');
  };

  it('fires as soon as a probe is sure, and not before', () => {
    expect(rowsFor([failing({ isFailing: false })])).toEqual([]);
    expect(rowsFor([failing(), failing({ name: 'db' })])).toMatchObject([
      { state: 'firing', severity: 'critical', labels: { probe: 'web' }, summary: 'web is down: connection refused' },
      { state: 'firing', severity: 'critical', labels: { probe: 'db' }, summary: 'db is down: connection refused' },
    ]);
  });

  it('has no row without probes', () => expect(rowsFor([])).toEqual([]));
});
