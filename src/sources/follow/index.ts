/** Log files as endless sequences of whole lines. */
import type { Follower } from './follower.ts';
import { GenerationFollower, type GenerationFollowerOptions } from './generations.ts';
import { watchForWakeUps } from './watch.ts';

export { type Checkpoint, checkpointFromJson, checkpointToJson } from './checkpoint.ts';
export type { Follower, FollowStats, GiveUp, LineSink, StartPosition } from './follower.ts';
export { LineSplitter, MAX_LINE_BYTES } from './lines.ts';
export type { FileId, FileIdentity } from './open-log.ts';
export { Peers } from './peers.ts';
export { dedupePaths, sameFile } from './same-file.ts';
export { isRotatedName } from './siblings.ts';
export { createStdinFollower, type StdinFollowerOptions } from './stdin.ts';
export { watchForWakeUps } from './watch.ts';

export interface FollowerOptions extends GenerationFollowerOptions {
  /** `generations` is ours; `tail` the npm package, which loses lines on rotation. */
  readonly backend: 'generations' | 'tail';
  /** Called when the log changed, so that it can be polled sooner. Without it there is no watch. */
  readonly onWake?: () => void;
  /** No inotify at all. */
  readonly forcePolling?: boolean;
}

/**
 * Follows the log at `path`. Nothing is opened before the first `poll`: a missing or unreadable file shows in `stats`,
 * never as an exception.
 */
export async function createFollower(options: FollowerOptions): Promise<Follower> {
  const follower = await (options.backend === 'tail' ? loadTail(options) : new GenerationFollower(options));
  if (!options.onWake || options.forcePolling) return follower;
  const watch = watchForWakeUps(options.path, options.onWake);
  const close = follower.close.bind(follower);
  follower.close = () => {
    watch.close();
    close();
  };
  return follower;
}

async function loadTail(options: FollowerOptions): Promise<Follower> {
  const { createTailFollower } = await import('./tail-adapter.ts');
  return createTailFollower(options);
}
