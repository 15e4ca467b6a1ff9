/** Entry of the engine's worker thread, a bundle of its own. */
import { workerData } from 'node:worker_threads';
import { runEngineWorker } from './worker.ts';

if ('speed' in (workerData as object)) {
  const { runReplayWorker } = await import('./replay-worker.ts');
  await runReplayWorker();
} else {
  await runEngineWorker();
}
