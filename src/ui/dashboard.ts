/**
 * The dashboard without its drawing: pulls Snapshots, turns keys into actions, keeps what is to be drawn. React hears
 * only of changes that move boxes; everything else is a paint.
 */
import type { Snapshot } from '../model/snapshot.ts';
import { visible } from '../text/visible.ts';
import type { ThemeName } from './canvas/theme.ts';
import type { DrawContext } from './context.ts';
import type { SnapshotFeed } from './feed.ts';
import type { TimeZone } from './format.ts';
import { type Command, commandOf } from './keys.ts';
import { helpRect, type Layout, planLayout } from './layout.ts';
import { helpOverflow } from './overlays/help.ts';
import { sortChoices } from './overlays/sort-menu.ts';
import { PANES } from './panes/index.ts';
import { type Action, initialState, PANE_IDS, type PaneId, reduce, type ScreenState, tableState } from './state.ts';
import { visibleSnapshot } from './visible-snapshot.ts';

export interface DashboardOptions {
  readonly feed: SnapshotFeed;
  readonly windowSeconds: number | null;
  readonly delayMs: number;
  readonly theme: ThemeName;
  readonly timeZone: TimeZone;
  readonly ascii: boolean;
  /** Size of the terminal now. */
  readonly size: () => { columns: number; rows: number };
  /** Paints what changed. */
  readonly paint: () => void;
  /** Paints every cell anew. */
  readonly repaint: () => void;
  readonly now?: () => number;
}

/** What boxes depend on; a new object only when one of these changed. */
export interface Chrome {
  readonly focus: PaneId;
  readonly zoomed: boolean;
  readonly overlay: { readonly kind: 'help' | 'sort'; readonly pane: PaneId } | null;
  readonly theme: ThemeName;
  readonly quit: boolean;
}

/** The engine closes a second a quarter of one after it is over: asked a moment later it answers with that second. */
const PHASE_MS = 350;

/** While logs are still being read the picture fills up this often. */
const FILL_MS = 200;

/** Whole seconds are ticked in step with the clock, so that no second is shown late or left out. */
function untilNextTick(nowMs: number, delayMs: number): number {
  if (delayMs % 1000 !== 0) return delayMs;
  const sinceTick = (((nowMs - PHASE_MS) % delayMs) + delayMs) % delayMs;
  return delayMs - sinceTick;
}

export class Dashboard {
  readonly #options: DashboardOptions;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #state: ScreenState;
  #chrome: Chrome;
  /** As it came, for the export. */
  #raw: Snapshot | null = null;
  #snapshot: Snapshot | null = null;
  #timer: NodeJS.Timeout | null = null;
  #filling: NodeJS.Timeout | null = null;
  #pulling = false;
  #pullAgain = false;

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#state = initialState(options);
    this.#chrome = chromeOf(this.#state);
    options.feed.onFailure((message) => this.dispatch({ type: 'failure', text: visible(message) }));
    options.feed.onNotice?.((text) => this.notify(text));
  }

  get state(): ScreenState {
    return this.#state;
  }

  readonly chrome = (): Chrome => this.#chrome;

  /** Calls back when `chrome` changed. @returns a function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What draw functions get; null before the first Snapshot. */
  context(): DrawContext | null {
    if (this.#snapshot === null) return null;
    const { timeZone, ascii } = this.#options;
    return { snapshot: this.#snapshot, state: this.#state, nowMs: this.#now(), timeZone, ascii };
  }

  /** Begins to pull Snapshots, one each delay. */
  start(): void {
    this.#tick();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#filling !== null) clearTimeout(this.#filling);
    this.#filling = null;
  }

  notify(text: string, level: 'ok' | 'warning' | 'critical' = 'warning'): void {
    this.dispatch({ type: 'message', text: visible(text), level, nowMs: this.#now() });
  }

  dispatch(action: Action): void {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (this.#state === before) return;
    const { windowSeconds, paused, delayMs } = this.#state;
    // The picture that was paused stays; another window of the same moment has to be asked for.
    if (windowSeconds !== before.windowSeconds || (paused === null && before.paused !== null)) this.#pull();
    if (delayMs !== before.delayMs) this.#schedule();
    const chrome = chromeOf(this.#state);
    if (!sameChrome(chrome, this.#chrome)) {
      this.#chrome = chrome;
      for (const listener of this.#listeners) listener();
    }
    this.#options.paint();
  }

  /** Does what a key means now; a key without a meaning does nothing. */
  key(name: string): void {
    const command = commandOf(name);
    if (command !== null) this.#commands[command](name);
  }

  #tick(): void {
    this.#schedule();
    this.dispatch({ type: 'tick', nowMs: this.#now() });
    if (this.#state.paused === null) this.#pull();
    else this.#options.paint();
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), untilNextTick(this.#now(), this.#state.delayMs));
  }

  /** One request at a time; what was asked meanwhile is asked once, afterwards. */
  #pull(): void {
    if (this.#pulling) {
      this.#pullAgain = true;
      return;
    }
    this.#pulling = true;
    this.#pullAgain = false;
    const { windowSeconds, paused } = this.#state;
    const atMs = paused?.atMs ?? null;
    this.#options.feed
      .request({ windowSeconds, atMs })
      .then((snapshot) => this.#take(snapshot, windowSeconds, atMs))
      .catch((error: unknown) => this.notify(messageOf(error), 'critical'))
      .finally(() => {
        this.#pulling = false;
        if (this.#pullAgain) this.#pull();
      });
  }

  /** An answer to a question that is no longer asked (another window, a pause meanwhile) is not shown. */
  #take(snapshot: Snapshot, windowSeconds: number | null, atMs: number | null): void {
    const { state } = this;
    if (this.#snapshot !== null && (state.windowSeconds !== windowSeconds || (state.paused?.atMs ?? null) !== atMs))
      return;
    this.#raw = snapshot;
    this.#snapshot = visibleSnapshot(snapshot);
    this.#options.paint();
    this.#fillUp(snapshot);
  }

  /** Does not leave a picture of half the past standing for a whole delay. */
  #fillUp({ ingest }: Snapshot): void {
    if (this.#filling !== null || this.#timer === null) return;
    if (this.#state.paused !== null || !ingest.sources.some((source) => source.state === 'reading')) return;
    this.#filling = setTimeout(() => {
      this.#filling = null;
      if (this.#state.paused === null) this.#pull();
    }, FILL_MS);
  }

  #layout(): Layout {
    const { columns, rows } = this.#options.size();
    return planLayout(columns, rows, this.#state);
  }

  /** A row for every command of keys.ts: none can be without an effect. */
  readonly #commands: Readonly<Record<Command, (key: string) => void>> = {
    quit: () => this.dispatch({ type: 'quit' }),
    help: () => {
      if (this.#layout().kind !== 'line') this.dispatch({ type: 'help' });
    },
    back: () => this.dispatch({ type: 'back' }),
    'next-pane': () => this.dispatch({ type: 'focus-by', step: 1 }),
    'previous-pane': () => this.dispatch({ type: 'focus-by', step: -1 }),
    pane: (key) => {
      const pane = PANE_IDS[(Number(key) + 9) % 10];
      if (pane !== undefined) this.dispatch({ type: 'focus', pane });
    },
    zoom: () => this.dispatch({ type: 'zoom' }),
    up: () => this.#move(-1),
    down: () => this.#move(1),
    'page-up': () => this.#move(-this.#page()),
    'page-down': () => this.#move(this.#page()),
    first: () => this.#move(Number.NEGATIVE_INFINITY),
    last: () => this.#move(Number.POSITIVE_INFINITY),
    left: () => this.#switchList(-1),
    right: () => this.#switchList(1),
    sort: () => this.#openSortMenu(),
    accept: () => this.#acceptSort(),
    reverse: () => {
      if (this.#state.overlay === null && PANES[this.#state.focus].table !== undefined)
        this.dispatch({ type: 'reverse' });
    },
    'sort-letter': (letter) => this.#sortByLetter(letter),
    'window-next': () => this.dispatch({ type: 'window', step: 1 }),
    'window-previous': () => this.dispatch({ type: 'window', step: -1 }),
    pause: () => {
      if (this.#snapshot === null) return;
      this.dispatch({ type: 'pause', nowMs: this.#now(), atMs: Date.parse(this.#snapshot.generatedAt) });
    },
    export: () => this.#export(),
    theme: () => {
      this.dispatch({ type: 'theme' });
      this.notify(`theme ${this.#state.theme}`, 'ok');
    },
    faster: () => this.#changeDelay(-1),
    slower: () => this.#changeDelay(1),
    repaint: () => this.#options.repaint(),
  };

  #move(by: number): void {
    const { overlay, focus } = this.#state;
    if (overlay?.kind === 'sort') {
      this.dispatch({ type: 'sort-move', by, count: sortChoices(overlay.pane).length });
    } else if (overlay?.kind === 'help') {
      const { columns, rows } = this.#options.size();
      const { width, height } = helpRect(columns, rows);
      this.dispatch({ type: 'help-scroll', by, limit: helpOverflow(overlay.pane, width - 2, height - 2) });
    } else {
      const table = PANES[focus].table;
      const context = this.context();
      const shown = this.#layout().panes.some((pane) => pane.id === focus && pane.framed);
      if (table !== undefined && context !== null && shown)
        this.dispatch({ type: 'move', keys: table.keys(context), by });
    }
  }

  /** Rows that one page moves: those that stay in sight, less one to hold on to. */
  #page(): number {
    const { overlay, focus } = this.#state;
    const { columns, rows } = this.#options.size();
    const height =
      overlay !== null
        ? helpRect(columns, rows).height
        : (this.#layout().panes.find((pane) => pane.id === focus)?.rect.height ?? rows);
    return Math.max(1, height - 4);
  }

  #switchList(step: 1 | -1): void {
    if (this.#state.focus === 'clients' && this.#state.overlay === null) this.dispatch({ type: 'client-list', step });
  }

  #openSortMenu(): void {
    const { focus, overlay } = this.#state;
    const context = this.context();
    const table = PANES[focus].table;
    if (context === null || this.#layout().kind === 'line') return;
    if (overlay !== null) this.dispatch({ type: 'back' });
    else if (table === undefined) this.notify(`${PANES[focus].title} has no columns to sort by`);
    else {
      const index = table.sortable.indexOf(table.sortedBy(context) ?? '');
      this.dispatch({ type: 'sort-open', index: Math.max(0, index) });
    }
  }

  #acceptSort(): void {
    const { overlay } = this.#state;
    if (overlay?.kind !== 'sort') return;
    const column = sortChoices(overlay.pane)[overlay.index];
    if (column !== undefined) this.#sort(overlay.pane, column.id);
  }

  /** The focused pane if it has such a column, else the first pane on the screen that has. */
  #sortByLetter(letter: string): void {
    const { focus, overlay } = this.#state;
    if (overlay !== null) return;
    const panes = [focus, ...this.#layout().panes.map((pane) => pane.id), ...PANE_IDS];
    for (const pane of panes) {
      const column = PANES[pane].table?.columns.find((each) => each.letter === letter);
      if (column === undefined) continue;
      this.#sort(pane, column.id);
      return;
    }
  }

  #sort(pane: PaneId, column: string): void {
    const context = this.context();
    if (context === null) return;
    this.dispatch({ type: 'sort', pane, column, current: PANES[pane].table?.sortedBy(context) ?? null });
    const { header } = PANES[pane].table?.columns.find((each) => each.id === column) ?? { header: column };
    const reversed = tableState(this.#state, pane).reversed ? ', reversed' : '';
    this.notify(`${PANES[pane].title} sorted by ${header === '' ? 'state' : header}${reversed}`, 'ok');
  }

  #changeDelay(step: 1 | -1): void {
    this.dispatch({ type: 'delay', step });
    this.notify(`refresh every ${this.#state.delayMs / 1000} s`, 'ok');
  }

  #export(): void {
    if (this.#raw === null) return;
    this.#options.feed.export(this.#raw).then(
      (path) => this.notify(`written to ${path}`, 'ok'),
      (error: unknown) => this.notify(`not written: ${messageOf(error)}`, 'critical'),
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function chromeOf({ focus, zoomed, overlay, theme, quit }: ScreenState): Chrome {
  return { focus, zoomed, overlay: overlay === null ? null : { kind: overlay.kind, pane: overlay.pane }, theme, quit };
}

function sameChrome(a: Chrome, b: Chrome): boolean {
  return (
    a.focus === b.focus &&
    a.zoomed === b.zoomed &&
    a.overlay?.kind === b.overlay?.kind &&
    a.overlay?.pane === b.overlay?.pane &&
    a.theme === b.theme &&
    a.quit === b.quit
  );
}
