/**
 * The dashboard without its drawing: pulls Snapshots, turns keys into commands, keeps what is to be drawn. React hears
 * only of changes that move boxes; everything else is a paint.
 */
import { maskSnapshot } from '../model/mask.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { visible } from '../text/visible.ts';
import type { ThemeName } from './canvas/theme.ts';
import { type Chrome, chromeOf, sameChrome } from './chrome.ts';
import type { Command } from './command-table.ts';
import { EFFECTS, messageOf, type Screen } from './commands/index.ts';
import { click } from './commands/mouse.ts';
import { adviseOpenLine, typeKey, typePaste } from './commands/prompts.ts';
import type { DrawContext } from './context.ts';
import type { SnapshotFeed, SnapshotQuestion } from './feed.ts';
import type { TimeZone } from './format.ts';
import { History } from './input/history.ts';
import type { PromptKind } from './input/prompt.ts';
import type { Keymap } from './keymap.ts';
import { type Layout, planLayout } from './layout.ts';
import { createParts, type Parts } from './parts.ts';
import { Puller } from './puller.ts';
import { questionKey, questionOf, subjectKey } from './question.ts';
import { RawLinesWatch } from './raw-lines.ts';
import { reduce } from './reduce.ts';
import { type Action, initialState, type ScreenState } from './state.ts';
import type { MouseReport } from './terminal/mouse.ts';
import { untilNextTick } from './tick.ts';
import { visibleSnapshot } from './visible-snapshot.ts';

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
}

/** A Snapshot in its three forms. */
interface Shown {
  /** As it came. */
  readonly raw: Snapshot;
  /** Masked, if that is asked for: what is exported. */
  readonly source: Snapshot;
  /** With all its strings visible: what is drawn. */
  readonly drawn: Snapshot;
}

/** While logs are still being read the picture fills up this often. */
const FILL_MS = 200;

export class Dashboard implements Screen {
  readonly parts: Parts;
  readonly #options: DashboardOptions;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #puller: Puller;
  readonly #lines: RawLinesWatch;
  readonly #history: History;
  #state: ScreenState;
  #chrome: Chrome;
  /** The service as a whole; kept while a detail is open, to be there at once when that is closed. */
  #whole: Shown | null = null;
  #detail: Shown | null = null;
  /** The newest live moment, and when it was heard of. */
  #live: { readonly atMs: number; readonly heardMs: number; readonly speed: number } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #filling: NodeJS.Timeout | null = null;
  /** Keys that wait for a command to be done. */
  readonly #waiting: (() => void)[] = [];
  #isHeld = false;

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#state = initialState(options);
    this.#chrome = chromeOf(this.#state);
    this.#history = new History({ filter: options.filter ?? null });
    this.parts = createParts(() => {
      adviseOpenLine(this);
      options.paint();
    });
    const onError = (error: unknown): void => this.notify(messageOf(error), 'critical');
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

  readonly chrome = (): Chrome => this.#chrome;

  /** Calls back when `chrome` changed. @returns a function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What draw functions get; null before the first Snapshot. */
  context(): DrawContext | null {
    const shown = this.#shown();
    if (shown === null) return null;
    const { timeZone, ascii } = this.#options;
    const lines = this.#lines.shown;
    const whole = this.#whole?.drawn ?? shown.drawn;
    return { snapshot: shown.drawn, whole, state: this.#state, nowMs: this.#now(), timeZone, ascii, lines };
  }

  source(): Snapshot | null {
    return this.#shown()?.source ?? null;
  }

  /** Whether what is shown is of the detail that is open, and not yet of what was shown before it. */
  get hasDetail(): boolean {
    return this.#detail !== null;
  }

  layout(): Layout {
    const { columns, rows } = this.size();
    return planLayout(columns, rows, this.#state);
  }

  size(): { columns: number; rows: number } {
    return this.#options.size();
  }

  now(): number {
    return this.#now();
  }

  liveMs(): number {
    if (this.#live === null) return this.#now();
    const { atMs, heardMs, speed } = this.#live;
    return atMs + (this.#now() - heardMs) * speed;
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
    const isAskedAnew = questionKey(questionOf(this.#state)) !== questionKey(questionOf(before));
    if (subjectKey(this.#state) !== subjectKey(before)) this.#changeSubject(isAskedAnew);
    if (this.#state.masked !== before.masked) this.#remask();
    if (isAskedAnew && !isFrozen(before, this.#state)) this.#puller.pull();
    if (this.#state.delayMs !== before.delayMs) this.#schedule();
    this.#lookAtLines(before);
    const chrome = chromeOf(this.#state);
    if (!sameChrome(chrome, this.#chrome)) {
      this.#chrome = chrome;
      for (const listener of this.#listeners) listener();
    }
    this.#options.paint();
  }

  /** Does what a key means now; a key without a meaning does nothing. */
  key(name: string): void {
    this.#inTurn(() => {
      const { prompt, keymap } = this.#state;
      if (prompt !== null) return typeKey(this, prompt, name);
      const command = keymap.byKey.get(name);
      return command === undefined ? undefined : EFFECTS[command](this, POSITIONAL.has(command) ? name : null);
    });
  }

  /** A paste is not typing: none of it runs as commands. */
  paste(text: string): void {
    this.#inTurn(() => typePaste(this, text));
  }

  mouse(report: MouseReport): void {
    this.#inTurn(() => click(this, report));
  }

  run(command: Command, argument: string | null): void | Promise<void> {
    return EFFECTS[command](this, argument);
  }

  /** One after the other: what a command has to wait for (a part that is being loaded), later keys wait for too. */
  #inTurn(act: () => void | Promise<void>): void {
    if (this.#isHeld) {
      this.#waiting.push(() => this.#inTurn(act));
      return;
    }
    const done = act();
    if (done === undefined) return;
    this.#isHeld = true;
    done
      .catch((error: unknown) => this.notify(messageOf(error), 'critical'))
      .finally(() => {
        this.#isHeld = false;
        for (const next of this.#waiting.splice(0)) next();
      });
  }

  #shown(): Shown | null {
    return (this.#state.detail === null ? null : this.#detail) ?? this.#whole;
  }

  #tick(): void {
    this.#schedule();
    this.dispatch({ type: 'tick', nowMs: this.#now() });
    this.#lookAtLines(this.#state);
    if (this.#state.paused === null) this.#puller.pull();
    else this.#options.paint();
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), untilNextTick(this.#now(), this.#state.delayMs));
  }

  /** An answer to a question that is no longer asked (another window, a pause meanwhile) is not shown. */
  #take(snapshot: Snapshot, question: SnapshotQuestion): void {
    if (question.atMs === null) this.#noteLive(snapshot);
    const isWanted = questionKey(question) === questionKey(questionOf(this.#state));
    if (this.#whole !== null && !isWanted) return;
    const shown = this.#formsOf(snapshot);
    if (this.#state.detail !== null && isWanted) this.#detail = shown;
    else this.#whole = shown;
    this.#options.paint();
    this.#fillUp(snapshot);
  }

  #noteLive({ generatedAt, replay }: Snapshot): void {
    const speed = replay ? (replay.ended ? 0 : replay.speed) : 1;
    this.#live = { atMs: Date.parse(generatedAt), heardMs: this.#now(), speed };
  }

  #formsOf(raw: Snapshot): Shown {
    const source = this.#state.masked ? maskSnapshot(raw) : raw;
    return { raw, source, drawn: visibleSnapshot(source) };
  }

  #remask(): void {
    this.#whole &&= this.#formsOf(this.#whole.raw);
    this.#detail &&= this.#formsOf(this.#detail.raw);
  }

  /** What is about the same lines is there already: an event, or an alert, is no filter. */
  #changeSubject(isAskedAnew: boolean): void {
    if (isAskedAnew) this.#detail = null;
    else if (this.#state.detail !== null) this.#detail = this.#whole;
    else [this.#whole, this.#detail] = [this.#detail ?? this.#whole, null];
  }

  #lookAtLines(before: ScreenState): void {
    const { overlay, masked } = this.#state;
    if (overlay?.kind === 'lines')
      this.#lines.look({ filter: questionOf(this.#state).filter, masked, isHeld: overlay.back > 0 });
    else if (before.overlay?.kind === 'lines') this.#lines.close();
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

/** The picture that is there is the one that was asked to stay. */
const isFrozen = (before: ScreenState, after: ScreenState): boolean =>
  before.paused === null && after.paused !== null && !after.paused.isPast;

/** Commands whose key says what is meant. */
const POSITIONAL: ReadonlySet<Command> = new Set(['pane', 'sort-letter']);
