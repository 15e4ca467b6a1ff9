/** The loop of `gtop stream`: read a little, write it, remember the place, wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LineWriter } from '../../output/stream/index.ts';
import type { Keeper } from './keeper.ts';
import type { StreamedLog } from './open.ts';
import type { Stop } from './stop.ts';

const POLL_MS = 100;
/** What is read of one log before the reader has taken it: bounds the memory. */
const BUDGET_BYTES = 1024 * 1024;
/** At the end a reader that takes nothing is waited for this long. */
const DRAIN_MS = 2_000;

export interface StreamRun {
  readonly logs: readonly StreamedLog[];
  readonly writer: LineWriter;
  readonly stop: Stop;
  /** For a next run: then files keep an unfinished last line for it. Null when there will be none. */
  readonly keeper: Keeper | null;
}

/**
 * Streams until a signal, or to the end of what ends.
 * @throws what the stream fails with.
 */
export async function runStream(run: StreamRun): Promise<void> {
  const { logs, stop } = run;
  while (stop.signal === null && !logs.every(({ hasEnded }) => hasEnded)) {
    const more = poll(logs);
    await stop.wait(deliver(run));
    if (stop.signal !== null) break;
    await stop.wait(more ? new Promise(setImmediate) : sleep(POLL_MS));
  }
  const timeout = sleep(DRAIN_MS, undefined, { ref: false });
  if (stop.signal === null) await finish(run);
  else await Promise.race([finish(run), timeout]);
}

function poll(logs: readonly StreamedLog[]): boolean {
  const nowMs = Date.now();
  let more = false;
  for (const log of logs) {
    more = log.poll(nowMs, BUDGET_BYTES) || more;
    log.place.mark();
  }
  return more;
}

/** Nothing is read while the reader has not taken what there is. */
async function deliver({ logs, writer, keeper }: StreamRun): Promise<void> {
  const taken = logs.map(({ place }) => place.handOver());
  for (const { source } of logs) source.follower.pause?.();
  await writer.flush();
  for (const { source } of logs) source.follower.resume?.();
  for (const tell of taken) tell();
  keeper?.saveSometimes(Date.now());
}

/** One last poll, to the end of every log as it is now. */
async function finish(run: StreamRun): Promise<void> {
  const { logs, writer, keeper } = run;
  await writer.flush();
  while (poll(logs)) await deliver(run);
  for (const { source, place } of logs) {
    source.finish(Date.now(), keeper ? 'none' : 'old');
    place.mark();
  }
  await deliver(run);
}
