import { expect, it } from 'vitest';
import { DEFAULTS } from '../../../../src/cli/config.ts';
import { changedKeys } from '../../../../src/cli/serve/changes.ts';

it('a reload tells what is in force now from what waits for a restart', () => {
  expect(changedKeys(DEFAULTS, { ...DEFAULTS, log: [] })).toEqual({ inForce: [], atNextStart: [] });
  const after = { ...DEFAULTS, log: ['a.log'], metricsAlias: 'http', routes: ['/a/{b}'], theme: 'light' } as const;
  expect(changedKeys(DEFAULTS, after)).toEqual({ inForce: ['metrics-alias'], atNextStart: ['log', 'routes'] });
});
