/**
 * Puts together what the terminal shows and writes what changed.
 *
 * Three layers, from below: what Ink drew (boxes, borders, texts), the canvases, and the overlays with their own
 * canvases. An overlay shows Ink's layer through everything below it. The layers meet in a grid of cells, never on the
 * terminal: nothing flickers, whoever wrote last, and what the terminal shows is always known.
 */
import { difference } from './diff.ts';
import { Grid, intersect, type Rect, surfaceOf, UNKNOWN } from './grid.ts';
import { type CursorPosition, InkScreen } from './ink-screen.ts';
import { StyleTable } from './styles.ts';
import { type Draw, STYLE_NAMES, type StyleName } from './surface.ts';
import type { Theme } from './theme.ts';

/** The terminal's end of the painter; `TerminalOutput` in the program, an emulator in tests. */
export interface PaintTarget {
  readonly columns: number;
  readonly rows: number;
  /** Still writing an earlier frame: another one would be refused. */
  readonly busy: boolean;
  write(frame: string): void;
  /** `resize`: columns or rows changed; `drain`: no longer busy; `lost`: something else wrote to the screen. */
  on(event: 'resize' | 'drain' | 'lost', listener: () => void): unknown;
  off(event: 'resize' | 'drain' | 'lost', listener: () => void): unknown;
}

/** A place on the screen as the layout says now. */
export interface Placement {
  readonly rect: Rect;
  /** The part of it that no parent cuts off. */
  readonly visible: Rect;
}

export interface Region {
  /** A canvas has a draw function; without one it is an overlay, which shows Ink's layer. */
  readonly draw: Draw | null;
  /** Depth of overlays that it lies in; its own included. Higher ones hide lower ones. */
  readonly level: number;
  /** Null while it has no place. */
  measure(): Placement | null;
}

const ERASE = '\x1b[H\x1b[2J';
/** After a resize: how long Ink may take until the old tree in the new size has to do. */
const SETTLE_MS = 50;
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
/** Between these marks a terminal that knows them shows nothing half done; others ignore them. */
const BEGIN_FRAME = '\x1b[?2026h';
const END_FRAME = '\x1b[?2026l';

export class Painter {
  /** Ink's standard output. */
  readonly screen: InkScreen;
  readonly #target: PaintTarget;
  readonly #styles = new StyleTable();
  readonly #regions = new Map<Region, Placement | null>();
  #styleIds: ReadonlyMap<StyleName, number>;
  #shown: Grid;
  #next: Grid;
  /** The next frame begins with an empty screen. */
  #erase = false;
  /** Where the terminal shows the cursor, or null for nowhere. */
  #cursor: CursorPosition | null = null;
  /** React changed the layout, and Ink has not drawn it yet. */
  #layoutExpected = false;
  #scheduled: NodeJS.Immediate | null = null;
  #settling: NodeJS.Timeout | null = null;
  #waiting = false;
  #stopped = false;

  /** The target's screen is blank and its cursor hidden. */
  constructor(target: PaintTarget, theme: Theme) {
    this.#target = target;
    this.#styleIds = this.#resolve(theme);
    this.screen = new InkScreen(target.columns, target.rows, this.#styles);
    this.#shown = new Grid(target.columns, target.rows);
    this.#next = new Grid(target.columns, target.rows);
    this.screen.on('change', this.schedule);
    target.on('resize', this.#resize);
    target.on('drain', this.#drain);
    target.on('lost', this.repaint);
  }

  /**
   * Adds a region, placed by the layout as it is now; the function returned removes it. Regions of one level stack in
   * the order of registration, overlays below canvases.
   */
  register(region: Region): () => void {
    this.#regions.set(region, region.measure());
    this.schedule();
    return () => {
      this.#regions.delete(region);
      this.schedule();
    };
  }

  /** The layout is about to change: nothing is painted until Ink has drawn it, so that borders and content move as one. */
  readonly expectLayout = (): void => {
    this.#layoutExpected = true;
  };

  /** Ink drew the layout as it is now: asks every region for its place. */
  readonly layout = (): void => {
    this.#layoutExpected = false;
    for (const region of this.#regions.keys()) this.#regions.set(region, region.measure());
    this.schedule();
  };

  setTheme(theme: Theme): void {
    this.#styleIds = this.#resolve(theme);
    this.schedule();
  }

  /** Paints before the event loop goes on waiting; many calls make one frame. */
  readonly schedule = (): void => {
    if (this.#stopped) return;
    this.#scheduled ??= setImmediate(() => this.paint());
  };

  /** Paints every cell again: another program wrote to the screen, or somebody asks for it (Ctrl-L). */
  readonly repaint = (): void => {
    this.#shown.clear(UNKNOWN);
    this.schedule();
  };

  /**
   * Calls every canvas' draw function and writes the cells that changed. While the terminal still takes in an earlier
   * frame nothing is drawn: the cells are compared again when it is ready, so that frames are dropped, never queued.
   */
  paint(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    this.#scheduled = null;
    if (this.#stopped || this.#layoutExpected) return;
    if (this.#target.busy) {
      this.#waiting = true;
      return;
    }
    this.#compose();
    const cells = (this.#erase ? ERASE : '') + difference(this.#shown, this.#next, this.#styles);
    this.#erase = false;
    const frame = this.#withCursor(cells);
    if (frame !== '') this.#target.write(BEGIN_FRAME + frame + END_FRAME);
  }

  /** Paints no more and lets go of the terminal. */
  stop(): void {
    this.#stopped = true;
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#target.off('resize', this.#resize);
    this.#target.off('drain', this.#drain);
    this.#target.off('lost', this.repaint);
  }

  #compose(): void {
    this.#next.copyAll(this.screen.grid);
    const whole = { x: 0, y: 0, width: this.#next.width, height: this.#next.height };
    for (const [region, placement] of this.#stack()) {
      const visible = intersect(placement.visible, whole);
      if (visible.width === 0 || visible.height === 0) continue;
      if (region.draw === null) {
        this.#next.copy(this.screen.grid, visible);
      } else {
        this.#next.blank(visible);
        // Every style name has an identity.
        region.draw(surfaceOf(this.#next, placement.rect, visible, (style) => this.#styleIds.get(style) ?? 0));
      }
    }
  }

  /** The regions that have a place, the lowest first. */
  #stack(): [Region, Placement][] {
    const placed: [Region, Placement][] = [];
    for (const [region, placement] of this.#regions) if (placement !== null) placed.push([region, placement]);
    const rank = ({ level, draw }: Region): number => 2 * level + (draw === null ? 0 : 1);
    return placed.sort(([a], [b]) => rank(a) - rank(b));
  }

  /** Hides the cursor while cells are written, and puts it where Ink wants it. */
  #withCursor(cells: string): string {
    const from = this.#cursor;
    const to = this.screen.cursor;
    if (cells === '' && from?.x === to?.x && from?.y === to?.y) return '';
    this.#cursor = to;
    const hide = from !== null && (cells !== '' || to === null) ? HIDE_CURSOR : '';
    if (to === null) return hide + cells;
    return `${hide}${cells}\x1b[${to.y + 1};${to.x + 1}H${SHOW_CURSOR}`;
  }

  readonly #drain = (): void => {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.schedule();
  };

  /** Whatever a terminal does with the old content is wiped out. */
  readonly #resize = (): void => {
    const { columns, rows } = this.#target;
    this.#shown = new Grid(columns, rows);
    this.#next = new Grid(columns, rows);
    this.#erase = true;
    this.screen.resize(columns, rows);
    // Ink has just drawn the old tree in the new size; the tree for the new size follows, unless nobody asked for it.
    this.#layoutExpected = true;
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = setTimeout(this.layout, SETTLE_MS);
  };

  #resolve(theme: Theme): ReadonlyMap<StyleName, number> {
    return new Map(STYLE_NAMES.map((style) => [style, this.#styles.id(theme.sgr(style))]));
  }
}
