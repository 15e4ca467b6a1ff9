/** The line that is typed at the foot of the screen, and above it what could stand there, or what is wrong. */

import { visible } from '../../text/visible.ts';
import { eachCluster, stringWidth } from '../../text/width.ts';
import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { drawSpans, fitItems, type Item } from '../widgets/line.ts';
import { fitText } from '../widgets/text.ts';
import type { PromptState } from './prompt.ts';

const SIGNS: Readonly<Record<PromptState['kind'], string>> = { filter: '/', command: ':' };
const EMPTY: Readonly<Record<PromptState['kind'], string>> = {
  filter:
    'such as status>=500, path~^/api/, latency>1s · Tab completes · Enter applies, an empty line shows everything · Esc leaves · ↑ what was typed before',
  command: 'such as goto 14:03, window 5m · Tab completes · Enter runs it · Esc leaves',
};

export function drawPrompt(surface: Surface, { state: { prompt } }: Pick<DrawContext, 'state'>): void {
  if (prompt === null) return;
  if (surface.height > 1) drawAdvice(surface, prompt);
  drawLine(surface, surface.height - 1, prompt);
}

/** The part of the line about the cursor that fits. */
function drawLine(surface: Surface, y: number, { kind, line }: PromptState): void {
  const room = surface.width - 4;
  const before = visible(line.text.slice(0, line.cursor));
  const behind = visible(line.text.slice(line.cursor));
  const shown = lastCells(before, room);
  const x = surface.text(surface.text(1, y, SIGNS[kind], 'title'), y, shown);
  const under = firstCluster(behind);
  const next = surface.text(x, y, under === '' ? ' ' : under, 'selected');
  surface.text(next, y, fitText(behind.slice(under.length), Math.max(0, surface.width - 1 - next)));
}

/** As much of the end as fits into so many cells. */
function lastCells(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const cells: string[] = [];
  eachCluster(text, Number.MAX_SAFE_INTEGER, (cluster) => cells.push(cluster) > 0);
  let used = 1;
  let from = cells.length;
  while (from > 0 && used + stringWidth(cells[from - 1] ?? '') <= width) used += stringWidth(cells[--from] ?? '');
  return `…${cells.slice(from).join('')}`;
}

function firstCluster(text: string): string {
  let first = '';
  eachCluster(text, 2, (cluster) => {
    first = cluster;
    return false;
  });
  return first;
}

function drawAdvice(surface: Surface, { kind, line, advice, chosen, isRefused }: PromptState): void {
  surface.fill(0, 0, surface.width, 1, ' ', 'dim');
  if (advice === null) return;
  const { candidates, complaint } = advice;
  if (isRefused && complaint !== null) {
    surface.text(1, 0, fitText(`✖ ${complaint}`, surface.width - 2), 'critical');
    return;
  }
  if (line.text === '' && chosen < 0) {
    surface.text(1, 0, fitText(EMPTY[kind], surface.width - 2), 'dim');
    return;
  }
  const first = Math.max(0, chosen - 2);
  const names = candidates.slice(first).map(
    ({ text }, index): Item => ({
      spans: [{ text, style: first + index === chosen ? 'selected' : 'accent' }],
      rank: index === 0 ? 0 : index,
    }),
  );
  const help = candidates[Math.max(0, chosen)]?.help ?? '';
  const note: Item[] = [];
  if (complaint !== null) note.push({ spans: [{ text: complaint, style: 'warning' }], rank: 1 });
  else if (help !== '' && (chosen >= 0 || candidates.length === 1))
    note.push({ spans: [{ text: help, style: 'dim' }], rank: 2 });
  drawSpans(surface, 1, 0, fitItems([...names, ...note], surface.width - 2, '  '));
}
