/** What commands work on: the dashboard, as far as they need it. */
import type { Snapshot } from '../../model/snapshot.ts';
import type { Command } from '../command-table.ts';
import type { DrawContext } from '../context.ts';
import type { SnapshotFeed } from '../feed.ts';
import type { TimeZone } from '../format.ts';
import type { PromptKind } from '../input/prompt.ts';
import type { Layout } from '../layout.ts';
import type { Parts } from '../parts.ts';
import type { Action, ScreenState } from '../state.ts';

export interface Screen {
  readonly state: ScreenState;
  readonly feed: SnapshotFeed;
  readonly parts: Parts;
  readonly timeZone: TimeZone;
  /** What was typed before, the newest first. */
  readonly history: Readonly<Record<PromptKind, readonly string[]>>;
  /** The key is the one before, pressed again. */
  readonly isRepeated: boolean;
  dispatch(action: Action): void;
  notify(text: string, level?: 'ok' | 'warning' | 'critical'): void;
  /** Null before the first Snapshot. */
  context(): DrawContext | null;
  /** The Snapshot shown, masked if that is asked for, its strings as they came; null before the first. */
  source(): Snapshot | null;
  layout(): Layout;
  size(): { readonly columns: number; readonly rows: number };
  now(): number;
  /** The moment that would be shown live: the wall clock, or the clock of a replay. */
  liveMs(): number;
  repaint(): void;
  /** @returns false where the terminal takes nothing now; null where there is no way. */
  copy(text: string): boolean | null;
  remember(kind: PromptKind, text: string): void;
  /** Runs another command, as the `:` line does. */
  run(command: Command, argument: string | null): void | Promise<void>;
}

/**
 * How a command is carried out; with a promise, later keys wait for it. `argument`: what stands behind its name on the `:` line, or the key of
 * a positional one.
 */
export type Effect = (screen: Screen, argument: string | null) => void | Promise<void>;

/** Opens something that lies over the panes; while it is being loaded, later keys wait. */
export function openOverlay(screen: Screen, action: Action): void | Promise<void> {
  screen.dispatch(action);
  if (screen.parts.overlays.now !== null) return;
  return screen.parts.overlays.get().then(
    () => {},
    (error: unknown) => {
      // There is nothing to draw in it.
      screen.dispatch({ type: 'overlay', overlay: null });
      throw error;
    },
  );
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
