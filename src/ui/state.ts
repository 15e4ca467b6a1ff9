/**
 * What the person at the keyboard has chosen: focus, window, filter, pause, sort, selection. One pure function changes
 * it (reduce.ts). Nothing here knows the terminal, React or the engine; what is measured lives in the Snapshot.
 */
import type { ActionName } from '../model/master-actions.ts';
import type { IsoTime, Level } from '../model/snapshot.ts';
import type { ThemeName } from './canvas/theme.ts';
import type { DetailTarget } from './details/detail-view.ts';
import type { PromptState } from './input/prompt.ts';
import { DEFAULT_KEYMAP, type Keymap } from './keymap.ts';

/** In the order of Tab; the digit of a pane is its place, the tenth is 0. */
export const PANE_IDS = [
  'traffic',
  'latency',
  'status',
  'paths',
  'workers',
  'alerts',
  'events',
  'system',
  'clients',
  'slow',
] as const;
export type PaneId = (typeof PANE_IDS)[number];

export const CLIENT_LISTS = ['addresses', 'userAgents', 'methods', 'referrers'] as const;
export type ClientList = (typeof CLIENT_LISTS)[number];

/** Seconds; null is everything read. */
export const WINDOWS: readonly (number | null)[] = [10, 60, 300, 900, 3600, null];

export const DELAYS_MS: readonly number[] = [250, 500, 1000, 2000, 5000, 10_000];

/** How long the status line shows a message. */
export const MESSAGE_MS = 6000;

export interface TableState {
  /** Column to sort by; null: the order the pane chooses. */
  readonly sort: string | null;
  readonly reversed: boolean;
  /**
   * The item, and the place it had when it was chosen: used when the item is gone. Null: nothing was chosen yet, and the
   * table says which row to begin at.
   */
  readonly selected: { readonly key: string; readonly index: number } | null;
}

/** A process that an action is for, as it was shown when the menu was opened. */
export interface ChosenProcess {
  readonly pid: number;
  readonly startedAt: IsoTime | null;
}

export type Overlay =
  | { readonly kind: 'help'; readonly pane: PaneId; readonly scroll: number }
  | { readonly kind: 'sort'; readonly pane: PaneId; readonly index: number }
  /** Raw lines. `back`: lines below the last one shown, 0 follows; `left`: cells scrolled to the right. */
  | { readonly kind: 'lines'; readonly pane: PaneId; readonly back: number; readonly left: number }
  /** What Gunicorn can be told; the first row is Cancel. */
  | ({ readonly kind: 'actions' } & ActionMenu)
  /** Whether it is meant; the first row is Cancel. */
  | ({ readonly kind: 'confirm'; readonly action: ActionName } & ActionMenu);

export interface ActionMenu {
  readonly pane: PaneId;
  readonly index: number;
  readonly master: ChosenProcess;
  readonly worker: ChosenProcess | null;
}

export type OverlayKind = Overlay['kind'];

/** A moment of the past is shown: it stands still. */
export interface PausedState {
  /** When the key was pressed. */
  readonly sinceMs: number;
  /** The moment that the picture shows. */
  readonly atMs: number;
  /** Somebody went there, in place of having the picture frozen as it was. */
  readonly isPast: boolean;
}

export interface Message {
  readonly text: string;
  readonly level: Level;
  readonly untilMs: number;
}

export interface ScreenState {
  readonly focus: PaneId;
  readonly zoomed: boolean;
  readonly overlay: Overlay | null;
  readonly windowSeconds: number | null;
  readonly delayMs: number;
  readonly paused: PausedState | null;
  /** Null: everything is shown. */
  readonly filter: string | null;
  /** What was opened over the panes, and the first line of it that is in sight. */
  readonly detail: { readonly target: DetailTarget; readonly from: PaneId; readonly scroll: number } | null;
  /** A line that is being typed: keys go there. */
  readonly prompt: PromptState | null;
  /** Addresses, users and query strings are hidden. */
  readonly masked: boolean;
  readonly keymap: Keymap;
  readonly tables: Readonly<Partial<Record<PaneId, TableState>>>;
  readonly clientList: ClientList;
  readonly theme: ThemeName;
  /** How often another Gunicorn was chosen. */
  readonly serviceChanges: number;
  readonly message: Message | null;
  /** Why no further Snapshot will come; null while all is well. */
  readonly failure: string | null;
  readonly quit: boolean;
}

export type Action =
  | { readonly type: 'focus'; readonly pane: PaneId }
  | { readonly type: 'focus-by'; readonly step: 1 | -1 }
  | { readonly type: 'zoom' }
  /** Closes or undoes one thing: what lies over the panes, the detail, the zoom, the filter. */
  | { readonly type: 'back' }
  /** Closes what lies over the panes; without that, asks to end the program. `now`: at once. */
  | { readonly type: 'quit'; readonly now?: true }
  | { readonly type: 'help' }
  | { readonly type: 'overlay'; readonly overlay: Overlay | null }
  /** Moves within what lies over the panes, or within the detail; `limit` is the last place. */
  | { readonly type: 'overlay-move'; readonly by: number; readonly limit: number }
  | { readonly type: 'overlay-shift'; readonly by: number }
  | { readonly type: 'detail'; readonly target: DetailTarget }
  | { readonly type: 'detail-scroll'; readonly by: number; readonly limit: number }
  /** `keys` are the items of the focused table in the order shown, `first` the one selected while none was chosen. */
  | { readonly type: 'move'; readonly keys: readonly string[]; readonly by: number; readonly first?: string | null }
  | { readonly type: 'select'; readonly pane: PaneId; readonly key: string; readonly index: number }
  /** Sorts by a column; by the one already in use: the other way round. */
  | { readonly type: 'sort'; readonly pane: PaneId; readonly column: string; readonly current: string | null }
  | { readonly type: 'reverse' }
  | { readonly type: 'client-list'; readonly step: 1 | -1 }
  | { readonly type: 'prompt'; readonly prompt: PromptState | null }
  | { readonly type: 'filter'; readonly filter: string | null }
  | { readonly type: 'mask' }
  | { readonly type: 'window'; readonly step: 1 | -1 }
  | { readonly type: 'set-window'; readonly seconds: number | null }
  | { readonly type: 'pause'; readonly nowMs: number; readonly atMs: number }
  /** Null: back to live. */
  | { readonly type: 'go-to'; readonly atMs: number | null; readonly nowMs: number }
  | { readonly type: 'delay'; readonly step: 1 | -1 }
  | { readonly type: 'set-delay'; readonly ms: number }
  | { readonly type: 'theme'; readonly name?: ThemeName }
  /** Another Gunicorn is shown from now on. */
  | { readonly type: 'service' }
  | { readonly type: 'failure'; readonly text: string }
  | { readonly type: 'message'; readonly text: string; readonly level: Level; readonly nowMs: number }
  | { readonly type: 'tick'; readonly nowMs: number };

export interface InitialState {
  readonly windowSeconds: number | null;
  readonly delayMs: number;
  readonly theme: ThemeName;
  /** Null or absent: everything is shown. */
  readonly filter?: string | null;
  readonly masked?: boolean;
  readonly keymap?: Keymap;
}

export function initialState(options: InitialState): ScreenState {
  return {
    focus: 'paths',
    zoomed: false,
    overlay: null,
    windowSeconds: options.windowSeconds,
    delayMs: options.delayMs,
    paused: null,
    filter: options.filter ?? null,
    detail: null,
    prompt: null,
    masked: options.masked ?? false,
    keymap: options.keymap ?? DEFAULT_KEYMAP,
    tables: {},
    clientList: 'addresses',
    theme: options.theme,
    serviceChanges: 0,
    message: null,
    failure: null,
    quit: false,
  };
}

const DEFAULT_TABLE: TableState = { sort: null, reversed: false, selected: null };

export function tableState(state: ScreenState, pane: PaneId): TableState {
  return state.tables[pane] ?? DEFAULT_TABLE;
}

/**
 * Where the selection stands among the items shown: the chosen item's place, else the place it last had.
 * @param first the item that is selected while none was chosen; null: the top one.
 */
export function selectedIndex(table: TableState, keys: readonly string[], first: string | null = null): number {
  if (keys.length === 0) return 0;
  if (table.selected === null) return first === null ? 0 : Math.max(0, keys.indexOf(first));
  const found = keys.indexOf(table.selected.key);
  return found >= 0 ? found : Math.min(table.selected.index, keys.length - 1);
}
