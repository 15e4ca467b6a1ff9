import { sayNumber, sayPercent } from '../figures.ts';
import { errorRatio } from '../service-view.ts';
import { type Diagnosis, join } from './diagnosis.ts';
import { blameForErrors } from './routes.ts';

/** Fewer requests say nothing about a rate. */
const ENOUGH_REQUESTS = 20;
/** One failure, or two, is an accident. */
const ENOUGH_ERRORS = 3;
const WARNING_RATIO = 0.01;
const CRITICAL_RATIO = 0.05;

export const highErrorRate: Diagnosis = {
  kind: 'error-rate',
  summary: 'Many requests end in a 5xx status. The errors pane folds the tracebacks of the error log by their cause.',
  check: ({ oneMinute }) => {
    const ratio = errorRatio(oneMinute) ?? 0;
    if (oneMinute.requests < ENOUGH_REQUESTS || oneMinute.serverErrors < ENOUGH_ERRORS) return null;
    if (ratio <= WARNING_RATIO) return null;
    return ratio > CRITICAL_RATIO ? 'critical' : 'warning';
  },
  sentence: (view) => {
    const { serverErrors, seconds } = view.oneMinute;
    const perSecond = seconds > 0 ? ` (${sayNumber(serverErrors / seconds)}/s)` : '';
    return join(
      `${sayPercent(errorRatio(view.oneMinute) ?? 0)} of requests fail with 5xx${perSecond}`,
      blameForErrors(view),
    );
  },
};
