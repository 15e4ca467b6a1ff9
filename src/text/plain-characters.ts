/**
 * Characters about which nothing has to be looked up: nearly all that a terminal of ours ever shows. Each fills the
 * same cells everywhere, and is a grapheme cluster of its own beside any other of them.
 */
type Range = readonly [from: number, to: number];

/** Characters that fill one cell and join with no neighbour from these tables. */
const NARROW: readonly Range[] = [
  [0x20, 0x7e],
  [0xa0, 0xac],
  [0xae, 0x2ff],
  [0x370, 0x373],
  [0x391, 0x3c9],
  [0x410, 0x44f],
  [0x2010, 0x2027],
  [0x2030, 0x203b],
  // Arrows and mathematical operators.
  [0x2190, 0x22ff],
  [0x23ce, 0x23ce],
  // Box drawing, blocks, geometric shapes; U+25FD and U+25FE, just behind, are wide.
  [0x2500, 0x25fc],
  [0x26a0, 0x26a0],
  [0x2713, 0x2718],
  [0x2800, 0x28ff],
];

/** The same for two cells: kana, CJK ideographs, Hangul syllables. */
const WIDE: readonly Range[] = [
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
];

/** Cells by code unit: 1 or 2 from the tables, 0 where a closer look is needed. */
export const known = new Uint8Array(0x10000);
for (const [from, to] of NARROW) known.fill(1, from, to + 1);
for (const [from, to] of WIDE) known.fill(2, from, to + 1);

/** Whether a code point is a plain one, about whose width every terminal agrees. */
export const hasKnownWidth = (code: number): boolean => (known[code] ?? 0) > 0;
