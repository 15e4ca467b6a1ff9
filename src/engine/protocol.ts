/** Messages between the main thread and the engine's worker thread. */
import type { Snapshot } from '../model/snapshot.ts';
import type { SnapshotQuery } from './config.ts';

export type ToEngine =
  | { readonly type: 'snapshot'; readonly id: number; readonly query: SnapshotQuery }
  | { readonly type: 'stop' };

export type FromEngine =
  | { readonly type: 'snapshot'; readonly id: number; readonly snapshot: Snapshot }
  /** Something that a person should know, though the engine goes on. */
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'failed'; readonly message: string };
