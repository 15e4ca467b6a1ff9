import { describe, expect, it } from 'vitest';
import type { Cause, Snapshot } from '../../../src/model/snapshot.ts';
import { headlineEvent, headlinePath, headlineWorker, stepOf } from '../../../src/ui/headline.ts';
import { anEvent, aPath, aWorker, busy, iso } from '../../support/snapshots.ts';
import { drawPane } from './panes/draw.ts';

const withHeadline = (cause: Cause, over: Partial<Snapshot> = {}): Snapshot =>
  busy({ verdict: { level: cause.level, text: cause.text, causes: [cause] }, ...over });

const KILLED = 'worker 26190 killed: timeout after 30 s in GET /reports/9912';
const TIMEOUT: Cause = { kind: 'worker-timeout', level: 'critical', text: KILLED };
const killed = anEvent({ at: iso(20), kind: 'worker-timeout', level: 'critical', worker: 26190, text: KILLED });
const booted = anEvent({ at: iso(19), kind: 'worker-boot', level: 'ok', worker: 26201, text: 'worker 26201 booted' });
const firing = anEvent({
  at: iso(18),
  kind: 'alert-firing',
  level: 'critical',
  worker: null,
  text: `WorkerTimeout firing: ${KILLED}`,
});
const reload = anEvent({ at: iso(60), kind: 'reload', level: 'ok', worker: null, text: 'reload (HUP)' });
const events = [firing, booted, killed, reload];

const marked = (lines: readonly string[]): string => lines.find((line) => line.startsWith('>')) ?? '';

describe('the row that the headline is about', () => {
  it('is the event that it repeats, not what came after: Enter opens the culprit', () => {
    expect(headlineEvent(withHeadline(TIMEOUT, { events }))).toEqual(killed);
    const last = { ...TIMEOUT, text: `3 worker timeouts in the last minute, the last: ${KILLED}` };
    expect(headlineEvent(withHeadline(last, { events }))).toEqual(killed);
    expect(marked(drawPane('events', withHeadline(TIMEOUT, { events })))).toContain(`✖ ${KILLED}`);
  });

  it('is the newest critical event where the headline repeats none, and the deploy of what a deploy did', () => {
    const loop: Cause = { kind: 'restart-loop', level: 'critical', text: '9 workers ended in a minute' };
    expect(headlineEvent(withHeadline(loop, { events }))).toEqual(killed);
    const failed = anEvent({ kind: 'worker-boot-failed', level: 'critical', text: '3 workers, the last 7: no module' });
    const boot: Cause = { kind: 'boot-failure', level: 'critical', text: 'worker 7 failed to boot: no module' };
    expect(headlineEvent(withHeadline(boot, { events: [...events, failed] }))).toEqual(failed);
    const slower: Cause = { kind: 'deploy-slower', level: 'warning', text: 'GET / takes twice as long' };
    expect(headlineEvent(withHeadline(slower, { events }))).toEqual(reload);
  });

  it('is the worker that it names', () => {
    const text = '1 worker of 2 stuck: 26198 · busy for 38 s';
    const workers = [aWorker({ pid: 26197 }), aWorker({ pid: 26198 })];
    const snapshot = withHeadline({ kind: 'stuck-worker', level: 'warning', text }, { workers });
    expect(headlineWorker(snapshot)?.pid).toBe(26198);
    expect(marked(drawPane('workers', snapshot))).toContain('26198');
  });

  it('is the route that it names, the longest of those that begin alike', () => {
    const text = '3/3 workers busy · 74 % of worker time in GET /reports/{id} · busy workers wait';
    const saturated: Cause = { kind: 'saturated', level: 'critical', text };
    const paths = [
      aPath({ path: '/' }),
      aPath({ path: '/reports' }),
      aPath({ path: '/reports/{id}', timeRatio: 0.01 }),
    ];
    expect(headlinePath(withHeadline(saturated, { paths }))?.path).toBe('/reports/{id}');
    expect(stepOf(withHeadline(saturated, { paths }))?.pane).toBe('paths');
    expect(marked(drawPane('paths', withHeadline(saturated, { paths })))).toContain('GET /reports/{id}');
    expect(stepOf(withHeadline({ ...saturated, text: '3/3 workers busy' }, { paths }))?.pane).toBe('workers');
  });

  it('is the route that a headline names which leads to another pane: Enter on the paths opens the culprit', () => {
    const text = '5.3 % of requests fail with 5xx (1.9/s) · most in GET /reports/{id} (98 of 113)';
    const errors: Cause = { kind: 'error-rate', level: 'critical', text };
    const paths = [aPath({ path: '/' }), aPath({ path: '/reports/{id}', timeRatio: 0.01 })];
    expect(stepOf(withHeadline(errors, { paths }))?.pane).toBe('status');
    expect(marked(drawPane('paths', withHeadline(errors, { paths })))).toContain('GET /reports/{id}');
    // The list does not scroll by itself.
    const many = [...Array.from({ length: 20 }, (_, index) => aPath({ path: `/path-${index}` })), ...paths];
    expect(marked(drawPane('paths', withHeadline(errors, { paths: many })))).toContain('GET /path-0');
  });

  it('is no route whose name only begins another that is not in the list', () => {
    const text = '3/3 workers busy · 74 % of worker time in GET /reports/{id}';
    const saturated: Cause = { kind: 'saturated', level: 'critical', text };
    const paths = [aPath({ path: '/' }), aPath({ path: '/reports' })];
    expect(headlinePath(withHeadline(saturated, { paths }))).toBeNull();
    expect(stepOf(withHeadline(saturated, { paths }))?.pane).toBe('workers');
  });

  it('is told by what stands behind the headline, where that leads to another pane', () => {
    const errors: Cause = { kind: 'error-rate', level: 'critical', text: '5.3 % of requests fail with 5xx' };
    const verdict = { level: 'critical', text: errors.text, causes: [errors, TIMEOUT] } as const;
    expect(stepOf(busy({ verdict, events }))?.pane).toBe('status');
    expect(headlineEvent(busy({ verdict, events }))).toEqual(killed);
  });

  it('is none while all is well, or where the headline is about something else: the top row', () => {
    const well = busy({ verdict: { level: 'ok', text: '', causes: [] }, events });
    expect(headlineEvent(well)).toBeNull();
    expect(headlineWorker(withHeadline(TIMEOUT))).toBeNull();
    expect(marked(drawPane('events', well))).toContain('WorkerTimeout firing');
  });

  it('gives way to a row that was chosen', () => {
    const chosen = { key: 'gone', index: 1 };
    const tables = { events: { sort: null, reversed: false, selected: chosen } };
    const lines = drawPane('events', withHeadline(TIMEOUT, { events }), 80, 20, { tables });
    expect(marked(lines)).toContain('worker 26201 booted');
  });
});
