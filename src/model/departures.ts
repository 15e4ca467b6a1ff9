/** What the last look at a worker says of its end, where no log tells of it. */
import type { WorkerSighting } from './workers.ts';

/** It had only just started when it was seen last. */
export const isNewborn = ({ atMs, startedAtMs, served }: WorkerSighting): boolean =>
  startedAtMs !== null && !served && atMs - startedAtMs < 2000;

/**
 * Without an error log: a worker whose heartbeat was as old as the timeout (samples are a second apart) and is gone. An
 * idle sync worker's may be half as old and no older (`gunicorn/workers/sync.py`, wait).
 */
export function wasOverTimeout(sighting: WorkerSighting): boolean {
  const { timeoutSeconds, heartbeatAgeSeconds } = sighting;
  if (timeoutSeconds === null || timeoutSeconds <= 0 || heartbeatAgeSeconds === null) return false;
  return heartbeatAgeSeconds >= Math.max(timeoutSeconds - 1.2, timeoutSeconds * 0.6);
}
