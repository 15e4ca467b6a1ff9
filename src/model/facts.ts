/**
 * Facts: what the sources tell the model. Plain data, no behaviour. Sources import these types; the model imports
 * nothing of the sources.
 */

export type * from './facts/enrichment.ts';
export type * from './facts/host.ts';
export type * from './facts/logs.ts';
export type * from './facts/processes.ts';
