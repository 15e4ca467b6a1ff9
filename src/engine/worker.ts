/** The worker thread's end of the engine: runs it and answers the main thread's questions. */
import type { MessagePort } from 'node:worker_threads';
import { FilterError } from '../filter/index.ts';
import type { EngineConfig, ExporterConfig } from './config.ts';
import { Engine } from './engine.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

/** Of what there is to say at the start: the panes show all. */
const MOST_NOTICES = 3;

/** Runs until told to stop. Called once, in the worker thread. */
export async function runEngineWorker(port: MessagePort, config: EngineConfig): Promise<void> {
  const send = (message: FromEngine): void => port.postMessage(message);
  const engine = new Engine(config);

  const started = engine.start();
  port.on('message', (message: ToEngine) => {
    if (message.type === 'stop') {
      engine.stop();
      port.close();
      return;
    }
    // The first question comes while the first look at everything is under way: it is answered with that.
    started.then(
      () => send(answerTo(engine, message)),
      () => {},
    );
  });

  try {
    await started;
  } catch (error) {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    return;
  }
  for (const text of engine.alerting.takeRemarks().slice(0, MOST_NOTICES)) send({ type: 'notice', text });
  if (config.exporter) {
    await engine.historyRead;
    const trouble = await serveMetrics(engine, config.exporter);
    if (trouble === null) return;
    engine.tell('exporter-failed', trouble);
    send({ type: 'notice', text: trouble });
  }
}

function answerTo(engine: Engine, question: Exclude<ToEngine, { type: 'stop' }>): FromEngine {
  const { id } = question;
  try {
    switch (question.type) {
      case 'lines':
        return { type: 'lines', id, lines: engine.lines(question.query) };
      case 'action':
        return { type: 'action', id, result: engine.act(question.request) };
      case 'snapshot':
        return { type: 'snapshot', id, snapshot: engine.snapshot(question.query) };
    }
  } catch (error) {
    if (error instanceof FilterError) return { type: 'refused', id, message: error.sentence };
    throw error;
  }
}

/** Without its exporter the dashboard goes on. @returns what a person should know, or null. */
async function serveMetrics(engine: Engine, { listen, httpAliases }: ExporterConfig): Promise<string | null> {
  const { exposureWarning, startServer } = await import('../output/prometheus/index.ts');
  try {
    await startServer({ listen, served: engine, httpAliases: () => httpAliases });
    return exposureWarning(listen);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
