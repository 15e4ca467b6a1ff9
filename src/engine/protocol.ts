/** Messages between the main thread and the engine's worker thread. */

import type { ActionRequest, ActionResult } from '../model/master-actions.ts';
import type { RawLines } from '../model/recent-lines.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { SnapshotQuery } from './config.ts';
import type { LinesQuery } from './line-watching.ts';

export type ToEngine =
  | { readonly type: 'snapshot'; readonly id: number; readonly query: SnapshotQuery }
  | { readonly type: 'lines'; readonly id: number; readonly query: LinesQuery }
  | { readonly type: 'action'; readonly id: number; readonly request: ActionRequest }
  | { readonly type: 'stop' };

export type FromEngine =
  | { readonly type: 'snapshot'; readonly id: number; readonly snapshot: Snapshot }
  | { readonly type: 'lines'; readonly id: number; readonly lines: RawLines }
  | { readonly type: 'action'; readonly id: number; readonly result: ActionResult }
  /** A question that cannot be answered: a filter that is none. */
  | { readonly type: 'refused'; readonly id: number; readonly message: string }
  /** Something that a person should know, though the engine goes on. */
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'failed'; readonly message: string };
