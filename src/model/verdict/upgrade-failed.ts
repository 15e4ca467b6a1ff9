import type { Diagnosis } from './diagnosis.ts';

export const upgradeFailed: Diagnosis = {
  kind: 'upgrade-failed',
  summary:
    'A second master, as USR2 starts one for an upgrade, could not boot its workers and has ended. The first one serves on as before: no request was lost, but a restart or a reload of it would fail in the same way.',
  check: ({ ends }) => (ends.failedUpgrade ? 'warning' : null),
  sentence: ({ ends, masters }) => {
    const { masterPid = null, servingPid, text = '' } = ends.failedUpgrade ?? {};
    const serving = masters?.find(({ pid }) => pid === servingPid);
    const rest = serving ? ` · master ${serving.pid} serves on, with the code of before` : '';
    const whose = masterPid === null ? 'a new master' : `the new master ${masterPid}`;
    return `upgrade failed: of ${whose} ${text}${rest}`;
  },
};
