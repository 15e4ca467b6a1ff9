/** A detail is made of blocks: a title and what stands below it, side by side where the screen is wide enough. */
import { stringWidth } from '../../text/width.ts';
import type { Surface } from '../canvas/surface.ts';
import { region } from '../widgets/region.ts';
import { fitText } from '../widgets/text.ts';

export interface Block {
  /** Null: no line for a title. */
  readonly title: string | null;
  /** Lines below the title in so many cells. */
  readonly lines: (width: number) => number;
  /** Fills its surface, at least as high as asked for. */
  readonly draw: (surface: Surface) => void;
  /** Takes the height that is to spare. */
  readonly grows?: true;
}

/** Blocks that stand beside each other while each has `least` cells, else below each other. */
export interface BlockRow {
  readonly least: number;
  readonly blocks: readonly Block[];
}

/** A row of one block, over the whole width. */
export const single = (block: Block): BlockRow => ({ least: 0, blocks: [block] });

/** A block of fixed text lines. */
export function fixed(title: string | null, lines: number, draw: (surface: Surface) => void): Block {
  return { title, lines: () => lines, draw };
}

const GAP = 2;

interface Line {
  readonly blocks: readonly Block[];
  /** Cells of each block. */
  readonly width: number;
  readonly height: number;
}

/** Every row broken into lines of blocks that fit beside each other. */
function linesOf(rows: readonly BlockRow[], width: number): readonly Line[] {
  return rows.flatMap(({ least, blocks }) => {
    const perLine = least === 0 ? 1 : Math.max(1, Math.min(blocks.length, Math.floor((width + GAP) / (least + GAP))));
    return Array.from({ length: Math.ceil(blocks.length / perLine) }, (_, index) => {
      const own = blocks.slice(index * perLine, (index + 1) * perLine);
      const each = Math.floor((width - GAP * (perLine - 1)) / perLine);
      const height = Math.max(...own.map((block) => block.lines(each) + (block.title === null ? 0 : 1)));
      return { blocks: own, width: each, height };
    });
  });
}

/** Lines that all of it takes: a blank one between two. */
export function blocksHeight(rows: readonly BlockRow[], width: number): number {
  const lines = linesOf(rows, width);
  return lines.reduce((sum, { height }) => sum + height, 0) + Math.max(0, lines.length - 1);
}

export function drawBlocks(surface: Surface, rows: readonly BlockRow[]): void {
  const lines = linesOf(rows, surface.width);
  const growing = lines.filter(({ blocks }) => blocks.some(({ grows }) => grows)).length;
  let spare = Math.max(0, surface.height - blocksHeight(rows, surface.width));
  let left = growing;
  let y = 0;
  for (const { blocks, width, height } of lines) {
    let own = height;
    if (blocks.some(({ grows }) => grows)) {
      const more = Math.floor(spare / left--);
      spare -= more;
      own += more;
    }
    for (const [index, block] of blocks.entries()) {
      // The last of a line reaches to the right edge.
      const x = index * (width + GAP);
      const wide = index === blocks.length - 1 && index > 0 ? surface.width - x : width;
      drawBlock(region(surface, { x, y, width: wide, height: own }), block);
    }
    y += own + 1;
  }
}

function drawBlock(surface: Surface, { title, draw }: Block): void {
  if (title === null) {
    draw(surface);
    return;
  }
  surface.fill(1, 0, surface.width - 2, 1, '─', 'dim');
  surface.text(1, 0, fitText(`${title} `, Math.min(surface.width - 2, stringWidth(title) + 1)), 'header');
  draw(region(surface, { x: 0, y: 1, width: surface.width, height: surface.height - 1 }));
}
