/** What stands around the panes: header, verdict, tabs, footer, the title lines, and the one line of a tiny terminal. */
import type { MasterInfo, Snapshot } from '../../model/snapshot.ts';
import { stringWidth } from '../../text/width.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { type DrawContext, shownAt } from '../context.ts';
import {
  formatAge,
  formatBytes,
  formatCpu,
  formatDuration,
  formatMemory,
  formatRate,
  formatRatio,
  secondsSince,
  UNKNOWN,
} from '../format.ts';
import { footerHints } from '../keys.ts';
import type { PlacedPane } from '../layout.ts';
import { LEVELS } from '../levels.ts';
import { modeItems } from '../mode.ts';
import { nextStep } from '../next-step.ts';
import { isNotKept, sourceName } from '../notes.ts';
import { PANE_IDS } from '../state.ts';
import { drawSpans, drawSplit, fitItems, type Item, item, spansWidth } from '../widgets/line.ts';
import { fitText, wrap } from '../widgets/text.ts';
import { alertCounts } from './alerts.ts';
import { PANES, type Pane, paneDigit } from './index.ts';

/** @param live whether to say that the picture moves on, or since when it stands still; a single sample does neither. */
export function drawHeader(surface: Surface, context: DrawContext, live = true): void {
  surface.text(1, 0, 'gtop', 'title');
  const left =
    context.snapshot.master === null ? noMaster(context.snapshot) : masterItems(context.snapshot.master, context);
  drawSplit(surface, 0, left, modeItems(context, live), { x: 7, width: surface.width - 8 });
}

function noMaster(snapshot: Snapshot): readonly Item[] {
  const { ingest, verdict } = snapshot;
  const logs = ingest.sources.map(({ path }) => (path === '-' ? sourceName(path) : path)).join(', ');
  const isGone = verdict.causes.some(({ kind }) => kind === 'master-down');
  return [
    item(logs === '' ? 'nothing to watch' : logs, 'strong'),
    isGone
      ? item('master gone', 'critical', 1)
      : item(isNotKept(snapshot) ? 'master not kept' : 'no master', 'unknown', 1),
  ];
}

function masterItems(master: MasterInfo, { snapshot }: DrawContext): readonly Item[] {
  const { app, version, workerClass, workersTarget, threads, startedAt, listeners, pid } = master;
  // How many it was asked for is not always known; how many there are is.
  const workers = workersTarget ?? snapshot.workers.filter((worker) => worker.masterPid === pid).length;
  const size = `${workers}${threads === null || threads === 1 ? '' : `×${threads}`}`;
  const others = snapshot.masters.filter((other) => other.pid !== pid);
  return [
    item(app ?? 'gunicorn', 'strong'),
    item(`gunicorn ${version ?? UNKNOWN} ${workerClass ?? UNKNOWN} ${size}`, 'text', 3),
    item(`master ${pid}${master.role === 'current' ? '' : ` (${master.role})`}`, 'text', 1),
    ...others.map((other) => item(`${other.role} master ${other.pid}`, 'warning', 1)),
    item(`up ${formatAge(secondsSince(startedAt, shownAt(snapshot)))}`, 'text', 2),
    item(listeners.join(' '), 'dim', 4),
  ];
}

/** `high-latency` → `HIGH LATENCY`. */
const asWords = (kind: string): string => kind.replaceAll('-', ' ').toUpperCase();

export function drawVerdict(surface: Surface, { snapshot }: DrawContext): void {
  const { level, text, causes } = snapshot.verdict;
  const { glyph, word, style } = LEVELS[level];
  const kind = level === 'ok' ? undefined : causes[0]?.kind;
  const name = `${glyph} ${kind === undefined ? word : asWords(kind)}  `;
  const counts = alertCounts(snapshot).slice(0, 1);
  const width = surface.width - 2;
  const room = width - stringWidth(name);
  const beside = room - spansWidth(fitItems(counts, width)) - GAP;
  const fitting = shorterTexts(text).find((each) => stringWidth(each) <= beside);
  const left: Item = {
    spans: [
      { text: name, style },
      { text: fitting ?? shortest(text, room), style: level === 'ok' ? 'dim' : 'text' },
    ],
    rank: 0,
  };
  // The alerts have a place of their own: the sentence has not.
  drawSplit(surface, 0, [left], fitting === undefined ? [] : counts, { x: 1, width });
}

/** Cells between the sentence and what stands at the right edge. */
const GAP = 2;

/** A sentence, then without its first brackets, without its first two, …: they hold what can be spared. */
function shorterTexts(text: string): readonly string[] {
  const shorter = shortened(text);
  return shorter === text ? [text] : [text, ...shorterTexts(shorter)];
}

const REQUEST = /\b[A-Z]{3,} \//;

/** Brackets go first, then a clause, then the last part that names no request: which one it was is worth the most. */
function shortened(text: string): string {
  const shorter = text.replace(/ \([^()]*\)/, '');
  if (shorter !== text || !REQUEST.test(text)) return shorter;
  const plain = text.replace(/, which [^·]*?(?= ·|$)/, '');
  if (plain !== text) return plain;
  const parts = text.split(' · ');
  const spare = parts.findLastIndex((part, index) => index > 0 && !REQUEST.test(part));
  return parts.filter((_, index) => index !== spare).join(' · ');
}

/** The longest of these that fits, or the last. */
function shortest(text: string, width: number): string {
  const texts = shorterTexts(text);
  return texts.find((each) => stringWidth(each) <= width) ?? texts.at(-1) ?? text;
}

export function drawTabs(surface: Surface, { state }: DrawContext): void {
  const names = PANE_IDS.map((id) => {
    const focused = id === state.focus;
    const title = focused ? PANES[id].title : '';
    return item(focused ? `[${paneDigit(id)} ${title}]` : ` ${paneDigit(id)} `, focused ? 'title' : 'dim');
  });
  drawSpans(surface, 0, 0, fitItems(names, surface.width, ''));
}

export interface FooterFigures {
  /** Bytes a second that go to the terminal; null until known. */
  readonly outputBytesPerSecond: number | null;
}

/** From this width on the footer has room for all that gtop costs. */
const WIDE_FOOTER = 72;

export function drawFooter(surface: Surface, context: DrawContext, figures: FooterFigures): void {
  const { snapshot, state } = context;
  const cost = snapshot.gtop;
  // As wide at any moment: the keys beside it must not come and go.
  const whole = `${formatMemory(cost.rssBytes).padStart(5)} ${formatBytes(figures.outputBytesPerSecond).padStart(6)}/s`;
  // The keys come first where there is little room.
  const own = surface.width < WIDE_FOOTER ? '' : ` ${whole}`;
  const right: readonly Item[] = [item(`gtop ${formatCpu(cost.cpuPercent).padStart(4)}%${own}`, 'dim')];
  const area = { x: 1, width: surface.width - 2, separator: '  ' };
  const message = state.failure === null ? state.message : { level: 'critical' as const, text: state.failure };
  if (message !== null) {
    const { glyph, style } = LEVELS[message.level];
    drawSplit(surface, 0, [item(`${glyph} ${message.text}`, style)], [], area);
    return;
  }
  const next = nextStep(context);
  const hints = [...(next === null ? [] : [next]), ...footerHints(state)].map((hint, rank) => ({
    spans: [
      { text: hint.label, style: 'strong' as const },
      { text: ` ${hint.title}`, style: hint === next ? ('accent' as const) : ('dim' as const) },
    ],
    rank,
  }));
  drawSplit(surface, 0, hints, right, area);
}

/** Fills the line between a pane's name and its corner: `─── 842/s ─`. */
export function drawTitleFigures(surface: Surface, pane: Pane, context: DrawContext, focused: boolean): void {
  const style: StyleName = focused ? 'accent' : 'dim';
  surface.fill(0, 0, surface.width, 1, focused ? '━' : '─', style);
  const spans = fitItems(pane.figures(context), surface.width - 3);
  if (spans.length === 0) return;
  const framed = [{ text: ' ' }, ...spans, { text: ' ' }];
  drawSpans(surface, surface.width - spansWidth(framed), 0, framed);
}

/** Cells before a pane's line: marker, digit and title. */
const LINE_TITLE = 13;

/** A pane of a small terminal: its title and its one line. */
export function drawPaneLine(surface: Surface, { id }: PlacedPane, context: DrawContext): void {
  const pane = PANES[id];
  const focused = context.state.focus === id;
  const title = `${focused ? '>' : ' '}${paneDigit(id)} ${pane.title}`;
  surface.text(0, 0, title, focused ? 'title' : 'dim');
  pane.line?.(shifted(surface, LINE_TITLE), context);
}

/** The part of a line behind its first cells. */
function shifted(surface: Surface, by: number): Surface {
  return {
    width: Math.max(0, surface.width - by - 1),
    height: surface.height,
    text: (x, y, text, style) => surface.text(x + by, y, text, style) - by,
    fill: (x, y, width, height, character, style) => surface.fill(x + by, y, width, height, character, style),
  };
}

/** All that a terminal below 40×10 shows: one line, and in those below it the verdict as a whole. */
export function drawStatusLine(surface: Surface, { snapshot, state }: DrawContext): void {
  const { level, text, causes } = snapshot.verdict;
  const { glyph, style, word } = LEVELS[level];
  const items: readonly Item[] = [
    item(glyph, style),
    item(`${formatRate(snapshot.traffic.requestsPerSecond)}/s`, 'strong', 1),
    item(`p95 ${formatDuration(snapshot.latency?.p95Seconds)}`, 'text', 3),
    item(`5xx ${formatRatio(snapshot.status.serverErrorRatio)}%`, 'text', 2),
    item(word, style, 4),
    ...(surface.height > 1 ? [] : [item(text, 'text', 5)]),
  ];
  drawSpans(surface, 0, 0, fitItems(items, surface.width, ' '));
  const all = causes.length > 0 ? causes : [{ level, text }];
  const lines = all.flatMap((cause) => wrap(`${LEVELS[cause.level].glyph} ${cause.text}`, surface.width));
  for (const [index, line] of lines.slice(0, surface.height - 1).entries()) surface.text(0, index + 1, line, 'text');
  if (state.message !== null && surface.height > 1) {
    surface.fill(0, surface.height - 1, surface.width, 1, ' ');
    surface.text(0, surface.height - 1, fitText(state.message.text, surface.width), LEVELS[state.message.level].style);
  }
}
