/** Entry of the engine's worker thread, a bundle of its own: the first message says what to watch. */
import { parentPort } from 'node:worker_threads';
import type { EngineConfig, ReplayConfig } from './config.ts';
import { runEngineWorker } from './worker.ts';

const port = parentPort;
if (port === null) throw new Error('not in a worker thread');
port.once('message', (config: EngineConfig | ReplayConfig) => {
  if (!('speed' in config)) void runEngineWorker(port, config);
  else void import('./replay-worker.ts').then(({ runReplayWorker }) => runReplayWorker(port, config));
});
