import { isUvicorn } from '../event-loop.ts';
import type { SourceFact } from '../facts.ts';
import { accessLogs } from '../service-view.ts';
import type { Diagnosis, VerdictView } from './diagnosis.ts';

const without = (view: VerdictView): readonly SourceFact[] =>
  accessLogs(view).filter((log) => log.linesParsed > 0 && log.durationUnit === null);

export const noDurations: Diagnosis = {
  kind: 'no-durations',
  summary:
    "Gunicorn's default access log format has neither the request time (%(D)s, microseconds) nor the worker (%(p)s): latency and the requests of a worker are not known.",
  check: (view) => (without(view).length > 0 ? 'ok' : null),
  sentence: (view) =>
    `no request times in ${without(view)
      .map((log) => log.path)
      .join(', ')}: ${sayRemedy(view)}`,
};

const sayRemedy = ({ masters }: VerdictView): string =>
  masters?.some(({ workerClass }) => isUvicorn(workerClass))
    ? "uvicorn's workers do not heed access_log_format"
    : 'add %(D)s to access_log_format';
