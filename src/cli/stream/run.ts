/** The loop of `gtop stream`: read a little, write it, remember the place, wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LineWriter } from '../../output/stream/index.ts';
import type { Keeper } from './keeper.ts';
import type { StreamedLog, StreamedLogs } from './open.ts';
import type { Stop } from './stop.ts';

const POLL_MS = 100;
/** What is read of one log before the reader has taken it: bounds the memory. */
const BUDGET_BYTES = 1024 * 1024;
/** How often it is looked for logs that came later. */
const APPEAR_MS = 1_000;
/** At the end a reader that takes nothing is waited for this long. */
const DRAIN_MS = 2_000;

export interface StreamRun {
  readonly logs: StreamedLogs;
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
  await readBack(run);
  let lookedMs = Date.now();
  while (stop.signal === null && !logs.all.every(({ hasEnded }) => hasEnded)) {
    const more = poll(logs.all);
    await stop.wait(deliver(run));
    if (stop.signal !== null) break;
    if (Date.now() - lookedMs >= APPEAR_MS) {
      lookedMs = Date.now();
      await logs.openAppeared();
    }
    await stop.wait(more ? new Promise(setImmediate) : sleep(POLL_MS));
  }
  const timeout = sleep(DRAIN_MS, undefined, { ref: false });
  if (stop.signal === null) await finish(run);
  else await Promise.race([finish(run), timeout]);
}

/** What was there before, each log in its order. Standard input waits: what it brings comes later. */
async function readBack({ logs: { all }, stop }: StreamRun): Promise<void> {
  for (const { source } of all) source.follower.pause?.();
  for (const { source } of all) {
    source.poll(Date.now(), 0);
    while (stop.signal === null && !source.hasReadHistory) await stop.waitForSignalOr(source.readHistory(Date.now()));
  }
  for (const { source } of all) source.follower.resume?.();
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
  const taken = logs.all.map(({ place }) => place.handOver());
  for (const { source } of logs.all) source.follower.pause?.();
  await writer.flush();
  for (const { source } of logs.all) source.follower.resume?.();
  for (const tell of taken) tell();
  keeper?.saveSometimes(Date.now());
}

/** One last poll, to the end of every log as it is now. */
async function finish(run: StreamRun): Promise<void> {
  const { logs, writer, keeper } = run;
  await writer.flush();
  while (poll(logs.all)) await deliver(run);
  for (const { source, place } of logs.all) {
    if (!source.hasReadHistory) {
      // Cut off in the midst of what was there before: without a place a later run begins with that again.
      source.close();
      continue;
    }
    source.finish(Date.now(), keeper ? 'none' : 'old');
    place.mark();
  }
  await deliver(run);
}
