/**
 * What the person at the keyboard has chosen: focus, window, pause, sort, selection. One pure function changes it.
 * Nothing here knows the terminal, React or the engine; what is measured lives in the Snapshot.
 */
import type { Level } from '../model/snapshot.ts';
import { THEME_NAMES, type ThemeName } from './canvas/theme.ts';

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
  /** The item, and the place it had when it was chosen: used when the item is gone. Null: the top row, whatever it is. */
  readonly selected: { readonly key: string; readonly index: number } | null;
}

export type Overlay =
  | { readonly kind: 'help'; readonly pane: PaneId; readonly scroll: number }
  | { readonly kind: 'sort'; readonly pane: PaneId; readonly index: number };

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
  /** `sinceMs`: when the key was pressed. `atMs`: the moment that the frozen picture shows. */
  readonly paused: { readonly sinceMs: number; readonly atMs: number } | null;
  readonly tables: Readonly<Partial<Record<PaneId, TableState>>>;
  readonly clientList: ClientList;
  readonly theme: ThemeName;
  readonly message: Message | null;
  /** Why no further Snapshot will come; null while all is well. */
  readonly failure: string | null;
  readonly quit: boolean;
}

export type Action =
  | { readonly type: 'focus'; readonly pane: PaneId }
  | { readonly type: 'focus-by'; readonly step: 1 | -1 }
  | { readonly type: 'zoom' }
  /** Closes or undoes one thing: the overlay, else the zoom. */
  | { readonly type: 'back' }
  /** Closes the overlay; without one, asks to end the program. */
  | { readonly type: 'quit' }
  | { readonly type: 'help' }
  | { readonly type: 'help-scroll'; readonly by: number; readonly limit: number }
  /** `keys` are the items of the focused table in the order shown. */
  | { readonly type: 'move'; readonly keys: readonly string[]; readonly by: number }
  | { readonly type: 'sort-open'; readonly index: number }
  | { readonly type: 'sort-move'; readonly by: number; readonly count: number }
  /** Sorts by a column; by the one already in use: the other way round. */
  | { readonly type: 'sort'; readonly pane: PaneId; readonly column: string; readonly current: string | null }
  | { readonly type: 'reverse' }
  | { readonly type: 'client-list'; readonly step: 1 | -1 }
  | { readonly type: 'window'; readonly step: 1 | -1 }
  | { readonly type: 'pause'; readonly nowMs: number; readonly atMs: number }
  | { readonly type: 'delay'; readonly step: 1 | -1 }
  | { readonly type: 'theme' }
  | { readonly type: 'failure'; readonly text: string }
  | { readonly type: 'message'; readonly text: string; readonly level: Level; readonly nowMs: number }
  | { readonly type: 'tick'; readonly nowMs: number };

export interface InitialState {
  readonly windowSeconds: number | null;
  readonly delayMs: number;
  readonly theme: ThemeName;
}

export function initialState(options: InitialState): ScreenState {
  return {
    focus: 'paths',
    zoomed: false,
    overlay: null,
    windowSeconds: options.windowSeconds,
    delayMs: options.delayMs,
    paused: null,
    tables: {},
    clientList: 'addresses',
    theme: options.theme,
    message: null,
    failure: null,
    quit: false,
  };
}

const DEFAULT_TABLE: TableState = { sort: null, reversed: false, selected: null };

export function tableState(state: ScreenState, pane: PaneId): TableState {
  return state.tables[pane] ?? DEFAULT_TABLE;
}

/** Where the selection stands among the items shown: the chosen item's place, else the place it last had. */
export function selectedIndex(table: TableState, keys: readonly string[]): number {
  if (table.selected === null || keys.length === 0) return 0;
  const found = keys.indexOf(table.selected.key);
  return found >= 0 ? found : Math.min(table.selected.index, keys.length - 1);
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

function cycle<T>(values: readonly T[], current: T, step: number): T {
  const index = values.indexOf(current) + step;
  return values[(index + values.length) % values.length] as T; // the index is inside: it was taken modulo the length
}

function withTable(state: ScreenState, pane: PaneId, change: Partial<TableState>): ScreenState {
  return { ...state, tables: { ...state.tables, [pane]: { ...tableState(state, pane), ...change } } };
}

/** The next state; the same object when nothing changes. */
export function reduce(state: ScreenState, action: Action): ScreenState {
  switch (action.type) {
    case 'focus':
      return state.focus === action.pane && state.overlay === null
        ? state
        : { ...state, focus: action.pane, overlay: null };
    case 'focus-by':
      return { ...state, focus: cycle(PANE_IDS, state.focus, action.step), overlay: null };
    case 'zoom':
      return { ...state, zoomed: !state.zoomed };
    case 'back':
      if (state.overlay !== null) return { ...state, overlay: null };
      return state.zoomed ? { ...state, zoomed: false } : state;
    case 'quit':
      return state.overlay !== null ? { ...state, overlay: null } : { ...state, quit: true };
    case 'help':
      return state.overlay?.kind === 'help'
        ? { ...state, overlay: null }
        : { ...state, overlay: { kind: 'help', pane: state.focus, scroll: 0 } };
    case 'help-scroll': {
      if (state.overlay?.kind !== 'help') return state;
      const scroll = clamp(state.overlay.scroll + action.by, 0, Math.max(0, action.limit));
      return scroll === state.overlay.scroll ? state : { ...state, overlay: { ...state.overlay, scroll } };
    }
    case 'move':
      return move(state, action.keys, action.by);
    case 'sort-open':
      return { ...state, overlay: { kind: 'sort', pane: state.focus, index: action.index } };
    case 'sort-move': {
      if (state.overlay?.kind !== 'sort') return state;
      const index = clamp(state.overlay.index + action.by, 0, Math.max(0, action.count - 1));
      return index === state.overlay.index ? state : { ...state, overlay: { ...state.overlay, index } };
    }
    case 'sort': {
      const again = action.column === action.current;
      const reversed = again ? !tableState(state, action.pane).reversed : false;
      return { ...withTable(state, action.pane, { sort: action.column, reversed }), overlay: null };
    }
    case 'reverse':
      return withTable(state, state.focus, { reversed: !tableState(state, state.focus).reversed });
    case 'client-list':
      return {
        ...withTable(state, 'clients', { selected: null }),
        clientList: cycle(CLIENT_LISTS, state.clientList, action.step),
      };
    case 'window':
      return { ...state, windowSeconds: nextWindow(state.windowSeconds, action.step) };
    case 'pause':
      return { ...state, paused: state.paused === null ? { sinceMs: action.nowMs, atMs: action.atMs } : null };
    case 'delay':
      return { ...state, delayMs: nextDelay(state.delayMs, action.step) };
    case 'theme':
      return { ...state, theme: cycle(THEME_NAMES, state.theme, 1) };
    case 'failure':
      return { ...state, failure: action.text };
    case 'message':
      return { ...state, message: { text: action.text, level: action.level, untilMs: action.nowMs + MESSAGE_MS } };
    case 'tick':
      return state.message !== null && action.nowMs >= state.message.untilMs ? { ...state, message: null } : state;
  }
}

function move(state: ScreenState, keys: readonly string[], by: number): ScreenState {
  if (keys.length === 0) return state;
  const table = tableState(state, state.focus);
  const index = clamp(selectedIndex(table, keys) + by, 0, keys.length - 1);
  const key = keys[index] as string; // clamped to the list, which is not empty
  return key === table.selected?.key && index === table.selected.index
    ? state
    : withTable(state, state.focus, { selected: { key, index } });
}

/** From a window that is not on the list (`--window 42s`) to its neighbour. */
function nextWindow(current: number | null, step: 1 | -1): number | null {
  if (WINDOWS.includes(current)) return cycle(WINDOWS, current, step);
  const length = current ?? Number.POSITIVE_INFINITY;
  const above = WINDOWS.findIndex((seconds) => (seconds ?? Number.POSITIVE_INFINITY) > length);
  const index = step === 1 ? above : above - 1;
  return WINDOWS[(index + WINDOWS.length) % WINDOWS.length] ?? null;
}

function nextDelay(current: number, step: 1 | -1): number {
  const slower = DELAYS_MS.find((delay) => delay > current);
  const faster = DELAYS_MS.findLast((delay) => delay < current);
  return (step === 1 ? slower : faster) ?? current;
}
