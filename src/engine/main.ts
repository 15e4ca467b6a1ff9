/** Entry of the engine's worker thread, a bundle of its own. */
import { runEngineWorker } from './worker.ts';

await runEngineWorker();
