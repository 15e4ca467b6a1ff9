import { describe, expect, it } from 'vitest';
import { openPrompt } from '../../../src/ui/input/prompt.ts';
import { reduce } from '../../../src/ui/reduce.ts';
import {
  type Action,
  initialState,
  MESSAGE_MS,
  type Overlay,
  PANE_IDS,
  type ScreenState,
  selectedIndex,
  tableState,
} from '../../../src/ui/state.ts';

const start = initialState({ windowSeconds: 60, delayMs: 1000, theme: 'default' });
const stateAfter = (...actions: readonly Action[]): ScreenState => actions.reduce(reduce, start);
const selected = (state: ScreenState) => tableState(state, state.focus).selected;

describe('focus', () => {
  it('goes round all panes in the order of their numbers, either way', () => {
    let state = reduce(start, { type: 'focus', pane: 'traffic' });
    const seen = PANE_IDS.map(() => {
      const { focus } = state;
      state = reduce(state, { type: 'focus-by', step: 1 });
      return focus;
    });
    expect(seen).toEqual(PANE_IDS);
    expect(state.focus).toBe('traffic');
    expect(reduce(state, { type: 'focus-by', step: -1 }).focus).toBe('slow');
  });

  it('closes what lies over the panes', () => {
    expect(stateAfter({ type: 'help' }, { type: 'focus', pane: 'paths' }).overlay).toBeNull();
  });
});

describe('Esc and q undo one thing at a time', () => {
  it('Esc: the help, then the zoom, then nothing', () => {
    let state = stateAfter({ type: 'zoom' }, { type: 'help' });
    state = reduce(state, { type: 'back' });
    expect(state).toMatchObject({ overlay: null, zoomed: true });
    state = reduce(state, { type: 'back' });
    expect(state.zoomed).toBe(false);
    expect(reduce(state, { type: 'back' })).toBe(state);
  });

  it('q closes the help before it ends the program', () => {
    const state = stateAfter({ type: 'help' }, { type: 'quit' });
    expect(state).toMatchObject({ overlay: null, quit: false });
    expect(reduce(state, { type: 'quit' }).quit).toBe(true);
  });

  it('? opens and closes the help of the focused pane', () => {
    expect(stateAfter({ type: 'focus', pane: 'workers' }, { type: 'help' }).overlay).toMatchObject({ pane: 'workers' });
    expect(stateAfter({ type: 'help' }, { type: 'help' }).overlay).toBeNull();
  });
});

describe('Esc undoes one thing at a time', () => {
  const menu = { pane: 'workers', index: 3, master: { pid: 1, startedAt: null }, worker: null } as const;

  it('overlay, then detail, then zoom, then filter', () => {
    let state = stateAfter(
      { type: 'filter', filter: 'status>=500' },
      { type: 'zoom' },
      { type: 'detail', target: { kind: 'worker', pid: 7, startedAt: null } },
      { type: 'help' },
    );
    const left: string[] = [];
    while (true) {
      const next = reduce(state, { type: 'back' });
      if (next === state) break;
      state = next;
      left.push(
        [state.overlay && 'overlay', state.detail && 'detail', state.zoomed && 'zoom', state.filter]
          .filter(Boolean)
          .join(' '),
      );
    }
    expect(left).toEqual(['detail zoom status>=500', 'zoom status>=500', 'status>=500', '']);
  });

  it('goes from the question about an action back to the menu, and to its Cancel', () => {
    const asking = stateAfter({ type: 'overlay', overlay: { kind: 'confirm', action: 'reload', ...menu, index: 1 } });
    expect(reduce(asking, { type: 'back' }).overlay).toEqual({ kind: 'actions', ...menu, index: 0 });
  });

  it('q closes a detail, and ends the program when nothing is open', () => {
    const state = stateAfter({ type: 'detail', target: { kind: 'worker', pid: 7, startedAt: null } }, { type: 'quit' });
    expect(state).toMatchObject({ detail: null, quit: false });
    expect(reduce(state, { type: 'quit' }).quit).toBe(true);
    expect(stateAfter({ type: 'help' }, { type: 'quit', now: true }).quit).toBe(true);
  });
});

describe('a detail', () => {
  const target = { kind: 'worker', pid: 7, startedAt: null } as const;

  it('remembers where it was opened, and closes when another pane is asked for', () => {
    const state = stateAfter({ type: 'focus', pane: 'workers' }, { type: 'detail', target });
    expect(state.detail).toEqual({ target, from: 'workers', scroll: 0 });
    expect(reduce(state, { type: 'focus', pane: 'workers' }).detail).toBeNull();
    expect(reduce(state, { type: 'focus-by', step: 1 }).detail).toBeNull();
  });

  it('scrolls no further than it goes', () => {
    let state = stateAfter({ type: 'detail', target }, { type: 'detail-scroll', by: 99, limit: 12 });
    expect(state.detail?.scroll).toBe(12);
    state = reduce(state, { type: 'detail-scroll', by: Number.NEGATIVE_INFINITY, limit: 12 });
    expect(state.detail?.scroll).toBe(0);
  });
});

describe('the raw lines', () => {
  const open: Action = { type: 'overlay', overlay: { kind: 'lines', pane: 'paths', back: 0, left: 0 } };
  const back = ({ overlay }: ScreenState): number | null => (overlay?.kind === 'lines' ? overlay.back : null);

  it('scroll from their end: up is back, the end follows again', () => {
    const up = stateAfter(open, { type: 'overlay-move', by: -5, limit: 900 });
    expect(back(up)).toBe(5);
    expect(back(reduce(up, { type: 'overlay-move', by: Number.NEGATIVE_INFINITY, limit: 900 }))).toBe(900);
    expect(back(reduce(up, { type: 'overlay-move', by: Number.POSITIVE_INFINITY, limit: 900 }))).toBe(0);
  });

  it('go sideways, never to the left of their start', () => {
    const state = stateAfter(open, { type: 'overlay-shift', by: 16 }, { type: 'overlay-shift', by: -40 });
    expect(state.overlay).toMatchObject({ left: 0 } satisfies Partial<Overlay>);
  });
});

describe('the line that is typed', () => {
  it('comes and goes without a trace', () => {
    const prompt = openPrompt('filter', () => null);
    const open = stateAfter({ type: 'prompt', prompt });
    expect(open.prompt).toBe(prompt);
    expect(reduce(open, { type: 'prompt', prompt: null })).toEqual(start);
  });
});

describe('the selected row', () => {
  const move = (by: number, ...keys: readonly string[]): Action => ({ type: 'move', keys, by });

  it('is the top row, whatever it is, until somebody moves', () => {
    expect(selectedIndex(tableState(start, 'paths'), ['a', 'b'])).toBe(0);
    expect(selectedIndex(tableState(start, 'paths'), ['b', 'a'])).toBe(0);
  });

  it('follows its item when the order changes', () => {
    const state = stateAfter(move(1, 'a', 'b', 'c'));
    expect(selected(state)).toEqual({ key: 'b', index: 1 });
    expect(selectedIndex(tableState(state, 'paths'), ['c', 'a', 'x', 'b'])).toBe(3);
    expect(selected(reduce(state, move(-1, 'c', 'a', 'x', 'b')))?.key).toBe('x');
  });

  it('stays at its place when the item is gone', () => {
    const state = stateAfter(move(2, 'a', 'b', 'c'));
    expect(selectedIndex(tableState(state, 'paths'), ['a', 'b', 'd', 'e'])).toBe(2);
    expect(selectedIndex(tableState(state, 'paths'), ['a'])).toBe(0);
    expect(selectedIndex(tableState(state, 'paths'), [])).toBe(0);
  });

  it('does not leave the list', () => {
    expect(selected(stateAfter(move(Number.POSITIVE_INFINITY, 'a', 'b', 'c')))?.key).toBe('c');
    expect(selected(stateAfter(move(9, 'a', 'b'), move(Number.NEGATIVE_INFINITY, 'a', 'b')))?.key).toBe('a');
    expect(stateAfter(move(1))).toBe(start);
  });

  it('belongs to its pane', () => {
    const state = stateAfter(move(1, 'a', 'b'), { type: 'focus', pane: 'workers' });
    expect(selected(state)).toBeNull();
    expect(tableState(state, 'paths').selected?.key).toBe('b');
  });
});

describe('sorting', () => {
  it('takes another column from its natural end', () => {
    const state = stateAfter({ type: 'reverse' }, { type: 'sort', pane: 'paths', column: 'errors', current: 'time' });
    expect(tableState(state, 'paths')).toMatchObject({ sort: 'errors', reversed: false });
  });

  it('turns the same column round', () => {
    const state = stateAfter({ type: 'sort', pane: 'paths', column: 'time', current: 'time' });
    expect(tableState(state, 'paths')).toMatchObject({ sort: 'time', reversed: true });
  });

  it('is picked from a menu that stays within its lines and closes', () => {
    const open: Action = { type: 'overlay', overlay: { kind: 'sort', pane: 'paths', index: 1 } };
    let state = stateAfter(open, { type: 'overlay-move', by: 9, limit: 3 });
    expect(state.overlay).toEqual({ kind: 'sort', pane: 'paths', index: 3 });
    state = reduce(state, { type: 'sort', pane: 'paths', column: 'max', current: 'time' });
    expect(state.overlay).toBeNull();
  });
});

describe('the window', () => {
  it('goes up to all and round, and back down', () => {
    const lengths: (number | null)[] = [];
    let state = start;
    for (let press = 0; press < 6; press++) {
      state = reduce(state, { type: 'window', step: 1 });
      lengths.push(state.windowSeconds);
    }
    expect(lengths).toEqual([300, 900, 3600, null, 10, 60]);
    expect(reduce(start, { type: 'window', step: -1 }).windowSeconds).toBe(10);
  });

  it('can be named', () => {
    expect(reduce(start, { type: 'set-window', seconds: 42 }).windowSeconds).toBe(42);
    expect(reduce(start, { type: 'set-window', seconds: 60 })).toBe(start);
  });

  it('goes from a length of its own to the neighbours', () => {
    const odd = initialState({ windowSeconds: 42, delayMs: 1000, theme: 'default' });
    expect(reduce(odd, { type: 'window', step: 1 }).windowSeconds).toBe(60);
    expect(reduce(odd, { type: 'window', step: -1 }).windowSeconds).toBe(10);
  });
});

describe('pause, refresh, messages', () => {
  it('remembers when it was pressed and what it shows', () => {
    const state = stateAfter({ type: 'pause', nowMs: 2000, atMs: 1500 });
    expect(state.paused).toEqual({ sinceMs: 2000, atMs: 1500, isPast: false });
    expect(reduce(state, { type: 'pause', nowMs: 3000, atMs: 2500 }).paused).toBeNull();
  });

  it('goes to a moment of the past and back to live', () => {
    const past = stateAfter({ type: 'pause', nowMs: 2000, atMs: 1500 }, { type: 'go-to', atMs: 500, nowMs: 9000 });
    expect(past.paused).toEqual({ sinceMs: 2000, atMs: 500, isPast: true });
    expect(reduce(past, { type: 'go-to', atMs: null, nowMs: 9000 }).paused).toBeNull();
    expect(reduce(past, { type: 'pause', nowMs: 9000, atMs: 500 }).paused).toBeNull();
  });

  it('refreshes between four times a second and every ten seconds', () => {
    let state = start;
    for (let press = 0; press < 9; press++) state = reduce(state, { type: 'delay', step: -1 });
    expect(state.delayMs).toBe(250);
    for (let press = 0; press < 9; press++) state = reduce(state, { type: 'delay', step: 1 });
    expect(state.delayMs).toBe(10_000);
  });

  it('takes a message away after a while', () => {
    const state = stateAfter({ type: 'message', text: 'written', level: 'ok', nowMs: 1000 });
    expect(reduce(state, { type: 'tick', nowMs: 999 + MESSAGE_MS })).toBe(state);
    expect(reduce(state, { type: 'tick', nowMs: 1000 + MESSAGE_MS }).message).toBeNull();
  });

  it('walks through the themes', () => {
    const names = [1, 2, 3, 4].map(
      (presses) => stateAfter(...new Array<Action>(presses).fill({ type: 'theme' })).theme,
    );
    expect(names).toEqual(['light', 'mono', 'high-contrast', 'default']);
    expect(stateAfter({ type: 'theme', name: 'mono' }).theme).toBe('mono');
  });

  it('switches the list of clients and lets go of the selection', () => {
    const state = stateAfter(
      { type: 'focus', pane: 'clients' },
      { type: 'move', keys: ['a', 'b'], by: 1 },
      { type: 'client-list', step: -1 },
    );
    expect(state.clientList).toBe('referrers');
    expect(tableState(state, 'clients').selected).toBeNull();
  });
});
