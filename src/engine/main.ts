/** Entry of the engine's worker thread, a bundle of its own. */
import { workerData } from 'node:worker_threads';

if ('speed' in (workerData as object)) {
  const { runReplayWorker } = await import('./replay-worker.ts');
  await runReplayWorker();
} else {
  const { runEngineWorker } = await import('./worker.ts');
  await runEngineWorker();
}
