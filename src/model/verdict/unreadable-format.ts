import type { SourceFact } from '../facts.ts';
import { sayPercent } from '../figures.ts';
import { accessLogs } from '../service-view.ts';
import type { Diagnosis, VerdictView } from './diagnosis.ts';

/** Fewer lines say nothing about a format. */
const ENOUGH_LINES = 20;

const misread = (view: VerdictView): readonly SourceFact[] =>
  accessLogs(view).filter((log) => log.linesRead >= ENOUGH_LINES && log.linesRejected > log.linesParsed);

export const unreadableFormat: Diagnosis = {
  kind: 'unreadable-format',
  summary:
    "Most lines of an access log do not have the format that gtop expects. Give it Gunicorn's own: --log-format with the value of access_log_format.",
  check: (view) => (misread(view).length > 0 ? 'warning' : null),
  sentence: (view) =>
    misread(view)
      .map(
        (log) =>
          `${sayPercent(log.linesRejected / log.linesRead)} of the lines of ${log.path} cannot be read: give --log-format`,
      )
      .join(' · '),
};
