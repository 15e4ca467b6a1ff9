/**
 * Entry of the bundle. One file plays three parts: the program itself, the engine's worker thread, and the processes
 * of the demo. Each part is imported only where it is played.
 */
import { isMainThread, workerData } from 'node:worker_threads';

if (!isMainThread && (workerData as { gtop?: string } | null)?.gtop === 'engine') {
  const { runEngineWorker } = await import('./engine/worker.ts');
  await runEngineWorker();
} else if (process.env.GTOP_DEMO_ROLE) {
  const { runDemoChild } = await import('./cli/demo/child.ts');
  await runDemoChild(process.env.GTOP_DEMO_ROLE);
} else {
  const { main } = await import('./cli/main.ts');
  await main(process.argv.slice(2), new URL(import.meta.url));
}
