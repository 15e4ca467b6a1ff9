import { describe, expect, it } from 'vitest';
import { Incidents } from '../../../src/model/incidents.ts';
import type { KilledRequest } from '../../../src/model/killed-requests.ts';
import { entry } from './lifecycle-log.ts';
import { sample, T0, worker } from './samples.ts';

const traceback = (...files: string[]) =>
  [
    'Traceback (most recent call last):',
    ...files.map((file) => `  File "${file}", line 88, in report\n    x()`),
    '  File "/x/site-packages/gunicorn/workers/base.py", line 198, in handle_abort',
    '    sys.exit(1)',
    'SystemExit: 1',
  ].join('\n');

/** A timeout of worker 7, which served 10.0.0.5, and what it logged as it died. */
function timeout(message: string, text: string) {
  const killed: KilledRequest[] = [];
  const incidents = new Incidents({ readsErrorLog: true, onKilled: (request) => void killed.push(request) });
  const busy = worker(7, { connections: 1, clientAddress: '10.0.0.5' });
  incidents.addSample(sample(0, { workers: [busy] }));
  incidents.addEntry(entry('WORKER TIMEOUT (pid:7)', { atMs: T0 + 1000, pid: 100 }), T0);
  const named = /^Error handling request (?:([A-Z]+) )?(\S+)$/.exec(message);
  const event = { kind: 'request-error', method: named?.[1] ?? null, target: named?.[2] ?? null } as const;
  incidents.addEntry({ ...entry(message, { atMs: T0 + 1000, pid: 7, traceback: text }), event }, T0);
  const told = incidents.events().find(({ kind }) => kind === 'worker-timeout');
  return { killed, event: told };
}

describe('the request that a timeout killed', () => {
  it('has its place in the application, in its event too', () => {
    const { killed, event } = timeout('Error handling request GET /reports/9912', traceback('/srv/app/views.py'));
    expect(killed).toMatchObject([{ path: '/reports/9912', place: 'app/views.py:88', address: '10.0.0.5' }]);
    expect(event).toMatchObject({
      text: 'worker 7 killed: timeout after 30 s in GET /reports/9912 (app/views.py:88)',
      path: '/reports/9912',
      details: expect.stringContaining('handle_abort'),
    });
  });

  it('has a place also where Gunicorn names no request', () => {
    const { event } = timeout('Error handling request', traceback('/srv/app/views.py'));
    expect(event?.text).toBe('worker 7 killed: timeout after 30 s (app/views.py:88)');
  });

  it('waited for its client, where Gunicorn had not read it, or not all of it', () => {
    const reads = '/x/site-packages/gunicorn/http/unreader.py';
    const head = timeout(
      'Error handling request (no URI read)',
      traceback('/x/site-packages/gunicorn/http/parser.py', reads),
    );
    expect(head.killed).toMatchObject([{ awaitedClient: true, address: '10.0.0.5' }]);
    expect(head.event?.text).toBe('worker 7 killed: timeout after 30 s: its client had not sent a whole request');
    const body = timeout('Error handling request POST /upload', traceback('/srv/app/views.py', reads));
    expect(body.event?.text).toBe(
      'worker 7 killed: timeout after 30 s in POST /upload (app/views.py:88): its client had not sent all of it',
    );
  });

  it('has none where no frame is the application’s: a library’s would accuse the wrong one', () => {
    const { killed, event } = timeout('Error handling request GET /x', traceback('/usr/lib/python3.11/socket.py'));
    expect(killed[0]?.place).toBeNull();
    expect(event?.text).toBe('worker 7 killed: timeout after 30 s in GET /x');
  });
});
