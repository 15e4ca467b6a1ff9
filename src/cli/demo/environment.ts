/** What the demo's children are told by their parent. */

/** @throws when the variable is not set: only then was the child not started by the demo. */
export function demoVariable(name: 'DIR' | 'PORT'): string {
  const value = process.env[`GTOP_DEMO_${name}`];
  if (value === undefined) throw new Error(`GTOP_DEMO_${name} is not set`);
  return value;
}

/** Seconds without a heartbeat until the master ends a worker (`--timeout`; Gunicorn's default is 30). */
export const DEMO_TIMEOUT_SECONDS = 8;
export const DEMO_WORKERS = 4;
/** Descriptor of the heartbeat file in a worker: behind standard input, output, error and the IPC channel. */
export const HEARTBEAT_FD = 4;
