/**
 * The dashboard without its drawing: pulls Snapshots, turns keys into commands, keeps what is to be drawn. React hears
 * only of changes that move boxes; everything else is a paint.
 */
import type { Snapshot } from '../model/snapshot.ts';
import { visible } from '../text/visible.ts';
import type { ThemeName } from './canvas/theme.ts';
import { type Chrome, chromeOf, sameChrome } from './chrome.ts';
import { COMMANDS, type Command, type CommandRow } from './command-table.ts';
import { EFFECTS, messageOf, type Screen } from './commands/index.ts';
import { click } from './commands/mouse.ts';
import { adviseOpenLine, typeKey, typePaste } from './commands/prompts.ts';
import type { DrawContext } from './context.ts';
import type { SnapshotFeed, SnapshotQuestion } from './feed.ts';
import type { TimeZone } from './format.ts';
import { History } from './input/history.ts';
import type { PromptKind } from './input/prompt.ts';
import { isAltEdit } from './input/text-line.ts';
import type { Keymap } from './keymap.ts';
import { type Layout, planLayout } from './layout.ts';
import { LiveClock } from './live-clock.ts';
import { createParts, type Parts } from './parts.ts';
import { Pictures } from './pictures.ts';
import { Puller } from './puller.ts';
import { linesFilterOf, questionKey, questionOf, subjectKey } from './question.ts';
import { RawLinesWatch } from './raw-lines.ts';
import { reduce } from './reduce.ts';
import { type Action, initialState, type ScreenState } from './state.ts';
import { sayStray } from './stray-keys.ts';
import type { MouseReport } from './terminal/mouse.ts';
import { untilNextTick } from './tick.ts';
import { Turns } from './turns.ts';

export interface DashboardOptions {
  readonly feed: SnapshotFeed;
  readonly windowSeconds: number | null;
  readonly delayMs: number;
  readonly theme: ThemeName;
  readonly timeZone: TimeZone;
  readonly ascii: boolean;
  /** Absent or null: everything is shown. */
  readonly filter?: string | null;
  readonly masked?: boolean;
  readonly keymap?: Keymap;
  /** Size of the terminal now. */
  readonly size: () => { columns: number; rows: number };
  /** Paints what changed. */
  readonly paint: () => void;
  /** Paints every cell anew. */
  readonly repaint: () => void;
  /** Hands a text to the terminal's clipboard. @returns false where it takes nothing now. */
  readonly copy?: (text: string) => boolean;
  readonly now?: () => number;
  /** What is loaded when first needed; absent: from the program's own files. */
  readonly parts?: typeof createParts;
}

/** What the first keys need is loaded when the picture stands: on a key it would take 20 ms of the 50 that it has. */
const PARTS_AFTER_MS = 900;
/** While logs are still being read the picture fills up this often. */
const FILL_MS = 200;

export class Dashboard implements Screen {
  readonly parts: Parts;
  isRepeated = false;
  #lastKey = '';
  readonly #options: DashboardOptions;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #puller: Puller;
  readonly #lines: RawLinesWatch;
  readonly #history: History;
  readonly #pictures: Pictures;
  readonly #clock = new LiveClock();
  readonly #turns: Turns;
  #state: ScreenState;
  #chrome: Chrome;
  #timer: NodeJS.Timeout | null = null;
  #filling: NodeJS.Timeout | null = null;
  #loading: NodeJS.Timeout | null = null;

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#state = initialState(options);
    this.#chrome = chromeOf(this.#state);
    this.#history = new History({ filter: options.filter ?? null });
    this.#pictures = new Pictures(this.#state.masked);
    const onError = (error: unknown): void => this.notify(messageOf(error), 'critical');
    const onLoaded = (): void => {
      adviseOpenLine(this);
      options.paint();
    };
    this.parts = (options.parts ?? createParts)(onLoaded, onError);
    this.#turns = new Turns(onError);
    this.#puller = new Puller({
      feed: options.feed,
      question: () => questionOf(this.#state),
      onAnswer: (snapshot, question) => this.#take(snapshot, question),
      onError,
    });
    this.#lines = new RawLinesWatch(options.feed, options.paint, onError);
    options.feed.onFailure((message) => this.dispatch({ type: 'failure', text: visible(message) }));
    options.feed.onNotice?.((text) => this.notify(text));
  }

  get state(): ScreenState {
    return this.#state;
  }

  get feed(): SnapshotFeed {
    return this.#options.feed;
  }

  get timeZone(): TimeZone {
    return this.#options.timeZone;
  }

  get history(): Screen['history'] {
    return this.#history.lines;
  }

  /** How many Gunicorns there are to choose from. */
  get serviceCount(): number {
    return this.#options.feed.services?.rows.length ?? 1;
  }

  readonly chrome = (): Chrome => this.#chrome;

  /** Calls back when `chrome` changed. @returns a function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What draw functions get; null before the first Snapshot. */
  context(): DrawContext | null {
    const { shown, whole } = this.#pictures;
    if (shown === null) return null;
    const { timeZone, ascii, feed } = this.#options;
    return {
      snapshot: shown.drawn,
      whole: whole?.drawn ?? shown.drawn,
      state: this.#state,
      nowMs: this.#now(),
      timeZone,
      ascii,
      lines: this.#lines.shown,
      ...(feed.services === undefined ? {} : { services: feed.services }),
    };
  }

  source(): Snapshot | null {
    return this.#pictures.shown?.source ?? null;
  }

  /** Whether what is shown is of the detail that is open, and not yet of what was shown before it. */
  get hasDetail(): boolean {
    return this.#pictures.hasDetail;
  }

  layout(): Layout {
    const { columns, rows } = this.size();
    return planLayout(columns, rows, { ...this.#state, services: this.serviceCount });
  }

  size(): { columns: number; rows: number } {
    return this.#options.size();
  }

  now(): number {
    return this.#now();
  }

  liveMs(): number {
    return this.#clock.at(this.#now());
  }

  repaint(): void {
    this.#options.repaint();
  }

  copy(text: string): boolean | null {
    return this.#options.copy?.(text) ?? null;
  }

  remember(kind: PromptKind, text: string): void {
    this.#history.add(kind, text);
  }

  /** Begins to pull Snapshots, one each delay. */
  start(): void {
    this.#tick();
    this.#loading = setTimeout(() => {
      for (const part of [this.parts.overlays, this.parts.details]) part.get().catch(() => {});
    }, PARTS_AFTER_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#filling !== null) clearTimeout(this.#filling);
    this.#filling = null;
    if (this.#loading !== null) clearTimeout(this.#loading);
    this.#loading = null;
  }

  notify(text: string, level: 'ok' | 'warning' | 'critical' = 'warning'): void {
    this.dispatch({ type: 'message', text: visible(text), level, nowMs: this.#now() });
  }

  dispatch(action: Action): void {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (this.#state === before) return;
    const isOther = this.#state.serviceChanges !== before.serviceChanges;
    const isAskedAnew = isOther || questionKey(questionOf(this.#state)) !== questionKey(questionOf(before));
    if (subjectKey(this.#state) !== subjectKey(before))
      this.#pictures.changeSubject(this.#state.detail !== null, isAskedAnew);
    if (isOther) this.#pictures.clear();
    if (this.#state.masked !== before.masked) this.#pictures.mask(this.#state.masked);
    if (isAskedAnew && (isOther || !this.#isFrozen(before))) this.#puller.pull();
    if (this.#state.delayMs !== before.delayMs) this.#schedule();
    if (linesKey(this.#state) !== linesKey(before)) this.#lookAtLines();
    const chrome = chromeOf(this.#state);
    if (!sameChrome(chrome, this.#chrome)) {
      this.#chrome = chrome;
      for (const listener of this.#listeners) listener();
    }
    this.#options.paint();
  }

  /** Does what a key means now; of a key without a meaning it says what would do what was probably meant. */
  key(name: string): void {
    // Nothing is bound to Alt: over a slow line Esc and the key behind it arrive together.
    if (/^alt-./.test(name) && (this.#state.prompt === null || !isAltEdit(name))) {
      this.key('escape');
      this.key(name.slice(4));
      return;
    }
    const isRepeated = name === this.#lastKey;
    this.#lastKey = name;
    this.#turns.take(() => {
      this.isRepeated = isRepeated;
      const { prompt, keymap } = this.#state;
      if (prompt !== null) return typeKey(this, prompt, name);
      const command = keymap.byKey.get(name);
      if (command === undefined) return this.notify(sayStray(name, keymap));
      return EFFECTS[command](this, POSITIONAL.has(command) ? name : null);
    });
  }

  /** A paste is not typing: none of it runs as commands. */
  paste(text: string): void {
    this.#turns.take(() => typePaste(this, text));
  }

  mouse(report: MouseReport): void {
    this.#turns.take(() => click(this, report));
  }

  run(command: Command, argument: string | null): void | Promise<void> {
    return EFFECTS[command](this, argument);
  }

  #tick(): void {
    this.#schedule();
    this.dispatch({ type: 'tick', nowMs: this.#now() });
    this.#lookAtLines();
    if (this.#state.paused === null) this.#puller.pull();
    else this.#options.paint();
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), untilNextTick(this.#now(), this.#state.delayMs));
  }

  #take(snapshot: Snapshot, question: SnapshotQuestion): void {
    if (question.atMs === null) this.#clock.note(snapshot, this.#now());
    if (!this.#pictures.take(snapshot, questionKey(question), questionKey(questionOf(this.#state)))) return;
    this.#options.paint();
    this.#fillUp(snapshot);
  }

  /** The picture that is there is the one that was asked to stay. */
  #isFrozen(before: ScreenState): boolean {
    const { paused } = this.#state;
    const isPausing = before.paused === null && paused !== null && !paused.isPast;
    return isPausing && this.#pictures.shown?.key === questionKey(questionOf(before));
  }

  #lookAtLines(): void {
    const { overlay, masked } = this.#state;
    if (overlay?.kind === 'lines')
      this.#lines.look({ filter: linesFilterOf(this.#state), masked, isHeld: overlay.back > 0 });
    else this.#lines.close();
  }

  /** Does not leave a picture of half the past standing for a whole delay, nor for the length of a pause. */
  #fillUp({ ingest, filterCoverage }: Snapshot): void {
    if (this.#filling !== null || this.#timer === null) return;
    const isFiltering = filterCoverage?.reading === true;
    const isReading = this.#state.paused === null && ingest.sources.some((source) => source.state === 'reading');
    if (!isFiltering && !isReading) return;
    this.#filling = setTimeout(() => {
      this.#filling = null;
      this.#puller.pull();
    }, FILL_MS);
  }
}

/** Changes when other raw lines are to be shown. */
const linesKey = (state: ScreenState): string =>
  state.overlay?.kind === 'lines'
    ? `${state.overlay.back > 0} ${state.masked} ${linesFilterOf(state) ?? ''}`
    : 'closed';

/** Commands whose key says what is meant. */
const POSITIONAL: ReadonlySet<string> = new Set(
  COMMANDS.filter((row: CommandRow) => row.isPositional).map(({ name }) => name),
);
