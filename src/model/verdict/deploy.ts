import type { Deploy } from '../deploys.ts';
import { saySeconds } from '../figures.ts';

/** `the reload 12 s ago`. */
export const sayDeploy = ({ kind, atMs }: Deploy, nowMs: number): string =>
  `the ${kind} ${saySeconds(Math.max(0, nowMs - atMs) / 1000)} ago`;
