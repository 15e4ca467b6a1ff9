import { sayPercent, sayRequest } from '../figures.ts';
import { sayDeploy } from './deploy.ts';
import type { Diagnosis } from './diagnosis.ts';

/** So much of a route makes it useless, whatever its share of all requests. */
const CRITICAL_RATIO = 0.2;

export const deployFailing: Diagnosis = {
  kind: 'deploy-failing',
  summary:
    'Since the last reload or restart a route fails that did not fail in the minute before it: take the deploy back. The errors pane folds the tracebacks by their cause.',
  check: (view) => {
    const after = view.deployEffect?.failing?.after;
    if (after === undefined) return null;
    return after.serverErrors / after.requests >= CRITICAL_RATIO ? 'critical' : 'warning';
  },
  sentence: (view) => {
    const { deploy, failing } = view.deployEffect ?? {};
    if (!deploy || !failing) return 'nothing fails';
    const { before, after } = failing;
    const was = before.serverErrors === 0 ? 'none' : sayPercent(before.serverErrors / before.requests);
    const now = `${sayPercent(after.serverErrors / after.requests)} of ${sayRequest(failing.method, failing.path)} fail`;
    return `${now} since ${sayDeploy(deploy, view.atMs)}, ${was} before`;
  },
};
