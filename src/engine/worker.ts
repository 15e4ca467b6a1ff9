/** The worker thread's end of the engine: runs it and answers the main thread's questions. */
import { parentPort, workerData } from 'node:worker_threads';
import type { EngineConfig } from './config.ts';
import { Engine } from './engine.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

/** Runs until told to stop. Called once, in the worker thread. */
export async function runEngineWorker(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('not in a worker thread');
  const send = (message: FromEngine): void => port.postMessage(message);
  const engine = new Engine(workerData as EngineConfig);

  const started = engine.start();
  port.on('message', (message: ToEngine) => {
    if (message.type === 'stop') {
      engine.stop();
      port.close();
      return;
    }
    // The first question comes while the first look at everything is under way: it is answered with that.
    const answer = (): void => send({ type: 'snapshot', id: message.id, snapshot: engine.snapshot(message.query) });
    started.then(answer, () => {});
  });

  try {
    await started;
  } catch (error) {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}
