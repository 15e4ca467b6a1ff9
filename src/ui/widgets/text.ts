/** Text cut, padded and broken to cells. All of it is visible text already (see visible-snapshot.ts). */
import { clip, eachCluster, padEnd, padStart, stringWidth } from '../../text/width.ts';

/** Exactly `width` cells, cut (marked with `…`) or padded. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = clip(text, width);
  return align === 'left' ? padEnd(cut, width) : padStart(cut, width);
}

/** Words over lines of at most `width` cells; a longer word is cut into pieces. */
export function wrap(text: string, width: number): string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (stringWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = piecesOf(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  if (line !== '') lines.push(line);
  return lines;
}

function piecesOf(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  eachCluster(word, 2 * word.length, (cluster, cells) => {
    if (used + cells > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += cluster;
    used += cells;
    return true;
  });
  return [...pieces, piece];
}
