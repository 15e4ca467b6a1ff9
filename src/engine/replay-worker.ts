/** The worker thread's end of a replay: answers with Snapshots as the engine does. */
import type { MessagePort } from 'node:worker_threads';
import { FilterError } from '../filter/index.ts';
import type { ReplayConfig } from './config.ts';
import type { FromEngine, ToEngine } from './protocol.ts';
import { ReplayEngine } from './replay.ts';

/** Runs until told to stop. Called once, in the worker thread. */
export async function runReplayWorker(port: MessagePort, config: ReplayConfig): Promise<void> {
  const send = (message: FromEngine): void => port.postMessage(message);
  const opened = ReplayEngine.open(config).then(async (engine) => {
    await engine.start();
    return engine;
  });
  port.on('message', (message: ToEngine) => {
    if (message.type === 'stop') {
      opened.then(
        (engine) => engine.stop(),
        () => {},
      );
      port.close();
    } else if (message.type !== 'action') {
      opened.then(
        (engine) => send(answerOf(engine, message)),
        () => {},
      );
    }
  });
  try {
    await opened;
  } catch (error) {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function answerOf(engine: ReplayEngine, question: Extract<ToEngine, { type: 'snapshot' | 'lines' }>): FromEngine {
  const { id } = question;
  try {
    if (question.type === 'lines') return { type: 'lines', id, lines: engine.lines(question.query) };
    return { type: 'snapshot', id, snapshot: engine.snapshot(question.query) };
  } catch (error) {
    if (error instanceof FilterError) return { type: 'refused', id, message: error.sentence };
    throw error;
  }
}
