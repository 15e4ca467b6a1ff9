import type { StyleName } from '../../canvas/surface.ts';
import type { DrawContext } from '../../context.ts';

export interface Cell {
  readonly text: string;
  readonly style?: StyleName;
}

/** What the screen needs to know of a column, whatever its rows are. */
export interface ColumnInfo {
  readonly id: string;
  readonly header: string;
  /** In cells, the same for as long as the column is shown. Of the filling column: the least it may be. */
  readonly width: number;
  readonly align: 'left' | 'right';
  /** The highest rank is left out first when the pane is narrow; 0 is never left out. */
  readonly rank: number;
  /** In a wide pane it grows up to this: for texts that are longer at times. Beside a filling column it takes half of what is spare. */
  readonly widest?: number;
  /** Takes the width that the others leave. One column of a table. */
  readonly fill?: true;
  /** `Shift`+letter sorts by it. */
  readonly letter?: string;
  /** For the help: what it means, where it comes from, what permission it needs. */
  readonly meaning: string;
}

export interface Column<Row> extends ColumnInfo {
  readonly cell: (row: Row, context: DrawContext) => Cell;
  /** A column without one cannot be sorted by. Unknown stands last in either direction. */
  readonly sortBy?: (row: Row) => number | string | null;
  /** The first press of `s` shows this end: the largest number unless said otherwise. */
  readonly firstAscending?: true;
}

/** Blanks between two columns. */
export const GAP = 1;

export interface PlacedColumn<C extends ColumnInfo> {
  readonly column: C;
  readonly x: number;
  readonly width: number;
}

/** The columns that fit into `width` cells, left out by rank, in their order; the filling column takes the rest. */
export function placeColumns<C extends ColumnInfo>(columns: readonly C[], width: number): PlacedColumn<C>[] {
  let kept = [...columns];
  const total = (): number => kept.reduce((sum, column) => sum + column.width, 0) + GAP * Math.max(0, kept.length - 1);
  while (kept.length > 1 && total() > width) {
    const worst = Math.max(...kept.map((column) => column.rank));
    if (worst === 0) break;
    const index = kept.findLastIndex((column) => column.rank === worst);
    kept = kept.filter((_, position) => position !== index);
  }
  const widths = widthsIn(kept, Math.max(0, width - total()));
  let x = 0;
  const placed: PlacedColumn<C>[] = [];
  for (const [index, column] of kept.entries()) {
    const own = Math.min(widths[index] ?? column.width, width - x);
    if (own <= 0) break;
    placed.push({ column, x, width: own });
    x += own + GAP;
  }
  return placed;
}

/** The width of each column, where so many cells are spare: they depend on the pane alone, never on what is in it. */
function widthsIn(columns: readonly ColumnInfo[], spare: number): readonly number[] {
  const hasFill = columns.some(({ fill }) => fill === true);
  let left = spare;
  const grown = columns.map(({ width, widest = width }) => {
    const more = Math.min(widest - width, hasFill ? Math.floor(left / 2) : left);
    left -= more;
    return width + more;
  });
  return grown.map((width, index) => (columns[index]?.fill === true ? width + left : width));
}
