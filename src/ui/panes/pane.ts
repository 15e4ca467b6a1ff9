import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import type { PaneId } from '../state.ts';
import type { Item } from '../widgets/line.ts';
import type { Table } from '../widgets/table/index.ts';

/** A line of a pane's help: what is shown, what it means, where it comes from, what permission it needs. */
export interface HelpEntry {
  readonly term: string;
  readonly meaning: string;
}

/** One part of the screen. Draw functions are pure: the same context gives the same cells. */
export interface Pane {
  readonly id: PaneId;
  readonly title: string;
  /** One sentence for the help. */
  readonly summary: string;
  /** Key figures for the title line, the most important first. */
  readonly figures: (context: DrawContext) => readonly Item[];
  /** Fills the inside of the pane, at any size. */
  readonly draw: (surface: Surface, context: DrawContext, focused: boolean) => void;
  /** The pane as a single line, for small terminals; the title stands before it already. */
  readonly line?: (surface: Surface, context: DrawContext) => void;
  readonly table?: Table;
  /** What the help explains besides the table's columns. */
  readonly help: readonly HelpEntry[];
}
