import type { Diagnosis } from './diagnosis.ts';

export const noAccessLog: Diagnosis = {
  kind: 'no-access-log',
  summary: 'Without an access log gtop sees workers and queues but no requests. Gunicorn writes none unless told to.',
  check: (view) => (view.watches.accessLog ? null : 'ok'),
  sentence: () => 'no access log is read (gunicorn --access-logfile FILE, gtop --log FILE): requests are not known',
};
