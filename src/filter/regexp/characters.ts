/** Sets of characters: first and last code point of each range in turn, ascending, ranges neither touching nor overlapping. */
export type Characters = readonly number[];

const LAST = 0x10ffff;

/** Sorts and merges ranges, given as first and last in turn. */
export function characters(ranges: readonly number[]): Characters {
  const pairs: [number, number][] = [];
  for (let index = 0; index < ranges.length; index += 2) pairs.push([ranges[index], ranges[index + 1]]);
  pairs.sort(([a], [b]) => a - b);
  const merged: number[] = [];
  for (const [first, last] of pairs) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before + 1) merged[merged.length - 1] = Math.max(before, last);
    else merged.push(first, last);
  }
  return merged;
}

export function inverse(set: Characters): Characters {
  const ranges: number[] = [];
  let from = 0;
  for (let index = 0; index < set.length; index += 2) {
    if (set[index] > from) ranges.push(from, set[index] - 1);
    from = set[index + 1] + 1;
  }
  if (from <= LAST) ranges.push(from, LAST);
  return ranges;
}

export const DIGITS = characters([0x30, 0x39]);
export const WORD_CHARACTERS = characters([0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]);
export const SPACES = characters([9, 13, 0x20, 0x20, 0xa0, 0xa0, 0x2028, 0x2029, 0xfeff, 0xfeff]);

const [A, Z] = [0x41, 0x5a];
const TO_SMALL = 0x20;

/** The set, and the other case of its letters: of ASCII all, of the rest those that stand alone and not in a range. */
export function withBothCases(set: Characters): Characters {
  const ranges = [...set];
  for (let index = 0; index < set.length; index += 2) {
    const [first, last] = [set[index], set[index + 1]];
    addShifted(ranges, Math.max(first, A), Math.min(last, Z), TO_SMALL);
    addShifted(ranges, Math.max(first, A + TO_SMALL), Math.min(last, Z + TO_SMALL), -TO_SMALL);
    if (first !== last || first < 0x80) continue;
    const character = String.fromCodePoint(first);
    for (const other of [character.toLowerCase(), character.toUpperCase()]) {
      const code = other.codePointAt(0) ?? first;
      if (String.fromCodePoint(code) === other) ranges.push(code, code);
    }
  }
  return characters(ranges);
}

function addShifted(ranges: number[], first: number, last: number, by: number): void {
  if (first <= last) ranges.push(first + by, last + by);
}
