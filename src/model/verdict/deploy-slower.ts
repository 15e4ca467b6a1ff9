import { sayRequest, saySeconds } from '../figures.ts';
import { sayDeploy } from './deploy.ts';
import type { Diagnosis } from './diagnosis.ts';

export const deploySlower: Diagnosis = {
  kind: 'deploy-slower',
  summary:
    'Since the last reload or restart a route takes clearly longer than in the minute before it; by less than half, or by a few milliseconds, it is only mentioned. If that is not what the deploy was for, take it back.',
  check: (view) => {
    if (view.deployEffect?.slower) return 'warning';
    return view.deployEffect?.slightlySlower ? 'ok' : null;
  },
  sentence: (view) => {
    const { deploy, slower: clearly, slightlySlower } = view.deployEffect ?? {};
    const slower = clearly ?? slightlySlower;
    if (!deploy || !slower) return 'nothing became slower';
    const { before, after } = slower;
    return `${sayRequest(slower.method, slower.path)} takes ${saySeconds(after.p50Seconds ?? 0)} since ${sayDeploy(deploy, view.atMs)}, ${saySeconds(before.p50Seconds ?? 0)} before (medians)`;
  },
};
