/** A second thread that reads the later part of a big log, and its two ends. */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { Accumulator, type AccumulatorOptions, type PackedFigures, transferable } from '../../report/index.ts';
import { type Part, type PartAccount, type PartReading, readPart } from '../../sources/batch/index.ts';

interface Order {
  readonly part: Part;
  readonly options: AccumulatorOptions;
  /** One number: the bytes read so far. */
  readonly progress: SharedArrayBuffer;
}

interface Answer {
  readonly account: PartAccount;
  readonly figures: PackedFigures;
}

/** Small, as the first thread's is made by flags; what is counted is bounded to a third of it. */
const HEAP = { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 256 };

/**
 * Has a part read by a thread of its own; its figures are merged into `figures` when it is done.
 * @param script the bundle of `src/cli/report/main.ts`.
 */
export function readElsewhere(part: Part, options: AccumulatorOptions, figures: Accumulator, script: URL): PartReading {
  const progress = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const bytes = new Float64Array(progress);
  const order: Order = { part, options, progress };
  const worker = new Worker(script, { workerData: order, resourceLimits: HEAP });
  const done = new Promise<PartAccount>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: Answer) => {
      figures.merge(answer.figures);
      resolve(answer.account);
    });
  });
  // It may fail long before it is waited for.
  done.catch(() => {});
  return { done, bytes: () => bytes[0] };
}

/** The thread's own end. */
export async function runPart(): Promise<void> {
  const { part, options, progress } = workerData as Order;
  const bytes = new Float64Array(progress);
  const figures = new Accumulator(options);
  const account = await readPart(
    part,
    (record) => figures.add(record),
    (count) => {
      bytes[0] = count;
    },
  );
  const packed = figures.pack();
  parentPort?.postMessage({ account, figures: packed } satisfies Answer, transferable(packed));
}
