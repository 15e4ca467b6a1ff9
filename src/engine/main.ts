/** Entry of the engine's worker thread, a bundle of its own: the first message says what to watch. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { EngineConfig, ReplayConfig } from './config.ts';
import { runEngineWorker } from './worker.ts';

const port = parentPort;
if (port === null) throw new Error('not in a worker thread');
port.once('message', (config: EngineConfig | ReplayConfig) => {
  if ('speed' in config) void replay(port, config);
  else void runEngineWorker(port, config);
});

/** Questions that come while the part is loaded wait for it: nobody would be there to hear them. */
async function replay(from: MessagePort, config: ReplayConfig): Promise<void> {
  const early: unknown[] = [];
  const keep = (message: unknown): void => void early.push(message);
  from.on('message', keep);
  const { runReplayWorker } = await import('./replay-worker.ts');
  from.off('message', keep);
  void runReplayWorker(from, config);
  for (const message of early) from.emit('message', message);
}
