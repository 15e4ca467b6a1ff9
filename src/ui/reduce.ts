/** How what the person has chosen changes: one pure function. */
import { THEME_NAMES } from './canvas/theme.ts';
import {
  type Action,
  CLIENT_LISTS,
  DELAYS_MS,
  MESSAGE_MS,
  type Overlay,
  PANE_IDS,
  type PaneId,
  type ScreenState,
  selectedIndex,
  type TableState,
  tableState,
  WINDOWS,
} from './state.ts';

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
      return state.focus === action.pane && state.overlay === null && state.detail === null
        ? state
        : { ...state, focus: action.pane, overlay: null, detail: null };
    case 'focus-by':
      return { ...state, focus: cycle(PANE_IDS, state.focus, action.step), overlay: null, detail: null };
    case 'zoom':
      // It may be what the message has told to do.
      return state.detail === null ? { ...state, zoomed: !state.zoomed, message: null } : state;
    case 'back':
      return back(state);
    case 'quit':
      if (action.now) return { ...state, quit: true };
      if (state.overlay !== null) return { ...state, overlay: null };
      return state.detail !== null ? { ...state, detail: null } : { ...state, quit: true };
    case 'help':
      return state.overlay?.kind === 'help'
        ? { ...state, overlay: null }
        : { ...state, overlay: { kind: 'help', pane: state.focus, scroll: 0 }, message: null };
    case 'overlay':
      // The line below has to tell the keys of what is opened.
      return { ...state, overlay: action.overlay, message: action.overlay === null ? state.message : null };
    case 'overlay-move':
      return state.overlay === null ? state : withOverlay(state, moved(state.overlay, action.by, action.limit));
    case 'overlay-shift':
      if (state.overlay?.kind !== 'lines') return state;
      return withOverlay(state, { ...state.overlay, left: Math.max(0, state.overlay.left + action.by) });
    case 'detail':
      return {
        ...state,
        overlay: null,
        detail: { target: action.target, from: state.focus, scroll: 0 },
        message: null,
      };
    case 'detail-scroll': {
      if (state.detail === null) return state;
      const scroll = clamp(state.detail.scroll + action.by, 0, Math.max(0, action.limit));
      return scroll === state.detail.scroll ? state : { ...state, detail: { ...state.detail, scroll } };
    }
    case 'move':
      return move(state, action);
    case 'select':
      return withTable(state, action.pane, { selected: { key: action.key, index: action.index } });
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
    case 'prompt':
      return { ...state, prompt: action.prompt };
    case 'filter':
      return state.filter === action.filter ? state : { ...state, filter: action.filter };
    case 'mask':
      return { ...state, masked: !state.masked };
    case 'window':
      return { ...state, windowSeconds: nextWindow(state.windowSeconds, action.step) };
    case 'set-window':
      return state.windowSeconds === action.seconds ? state : { ...state, windowSeconds: action.seconds };
    case 'pause':
      return {
        ...state,
        paused: state.paused === null ? { sinceMs: action.nowMs, atMs: action.atMs, isPast: false } : null,
      };
    case 'go-to':
      return { ...state, paused: pausedAt(state, action.atMs, action.nowMs) };
    case 'delay':
      return { ...state, delayMs: nextDelay(state.delayMs, action.step) };
    case 'set-delay':
      return state.delayMs === action.ms ? state : { ...state, delayMs: action.ms };
    case 'theme':
      return { ...state, theme: action.name ?? cycle(THEME_NAMES, state.theme, 1) };
    case 'service': {
      const nothing = { overlay: null, detail: null, paused: null, message: null, failure: null, tables: {} };
      return { ...state, ...nothing, serviceChanges: state.serviceChanges + 1 };
    }
    case 'failure':
      return { ...state, failure: action.text };
    case 'message':
      return { ...state, message: { text: action.text, level: action.level, untilMs: action.nowMs + MESSAGE_MS } };
    case 'tick':
      return state.message !== null && action.nowMs >= state.message.untilMs ? { ...state, message: null } : state;
  }
}

/** One thing at a time. */
function back(state: ScreenState): ScreenState {
  // What an action risks lies over the menu it was chosen from.
  if (state.overlay?.kind === 'confirm') {
    const { pane, master, worker } = state.overlay;
    return { ...state, overlay: { kind: 'actions', pane, master, worker, index: 0 } };
  }
  if (state.overlay !== null) return { ...state, overlay: null };
  if (state.detail !== null) return { ...state, detail: null };
  if (state.zoomed) return { ...state, zoomed: false };
  return state.filter === null ? state : { ...state, filter: null };
}

const pausedAt = (state: ScreenState, atMs: number | null, nowMs: number): ScreenState['paused'] =>
  atMs === null ? null : { sinceMs: state.paused?.sinceMs ?? nowMs, atMs, isPast: true };

const withOverlay = (state: ScreenState, overlay: Overlay): ScreenState =>
  overlay === state.overlay ? state : { ...state, overlay };

function moved(overlay: Overlay, by: number, limit: number): Overlay {
  const place = (now: number): number => clamp(now + by, 0, Math.max(0, limit));
  switch (overlay.kind) {
    case 'help': {
      const scroll = place(overlay.scroll);
      return scroll === overlay.scroll ? overlay : { ...overlay, scroll };
    }
    case 'lines': {
      // Counted from the end: up is more.
      const lines = clamp(overlay.back - by, 0, Math.max(0, limit));
      return lines === overlay.back ? overlay : { ...overlay, back: lines };
    }
    default: {
      const index = place(overlay.index);
      return index === overlay.index ? overlay : { ...overlay, index };
    }
  }
}

function move(state: ScreenState, { keys, by, first }: Extract<Action, { type: 'move' }>): ScreenState {
  if (keys.length === 0) return state;
  const table = tableState(state, state.focus);
  const index = clamp(selectedIndex(table, keys, first) + by, 0, keys.length - 1);
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
