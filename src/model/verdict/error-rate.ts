import { sayNumber, sayPercent } from '../figures.ts';
import { errorRatio } from '../service-view.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';
import { blameForErrors } from './routes.ts';

/** Fewer requests say nothing about a rate. */
const ENOUGH_REQUESTS = 20;
/** One failure, or two, is an accident. */
const ENOUGH_ERRORS = 3;
const WARNING_RATIO = 0.01;
const CRITICAL_RATIO = 0.05;
/** A steady rate just at one of these is above it in one minute and below it in the next: five minutes decide then. */
const LASTING = 0.8;
/** And a minute that is well below it ends it. */
const OVER = 0.6;

/** Above this ratio now, or about as high for minutes. */
function exceeds({ oneMinute, fiveMinutes }: VerdictView, limit: number): boolean {
  const [now, lately] = [errorRatio(oneMinute) ?? 0, errorRatio(fiveMinutes) ?? 0];
  return now > limit || (now > limit * OVER && lately > limit * LASTING);
}

export const highErrorRate: Diagnosis = {
  kind: 'error-rate',
  summary: 'Many requests end in a 5xx status. The errors pane folds the tracebacks of the error log by their cause.',
  check: (view) => {
    const { oneMinute } = view;
    if (oneMinute.requests < ENOUGH_REQUESTS || oneMinute.serverErrors < ENOUGH_ERRORS) return null;
    if (!exceeds(view, WARNING_RATIO)) return null;
    return exceeds(view, CRITICAL_RATIO) ? 'critical' : 'warning';
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
