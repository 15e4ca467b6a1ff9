import type { Snapshot, StatusSummary } from '../../model/snapshot.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { type DrawContext, perSecond } from '../context.ts';
import { formatCount, formatRate, formatRatio, formatRatioSign } from '../format.ts';
import { bar } from '../widgets/bar.ts';
import { drawSpark, sparkColumns } from '../widgets/chart-panel.ts';
import { columnsOf } from '../widgets/history.ts';
import { drawSpans, fitItems, type Item, item } from '../widgets/line.ts';
import { fitText } from '../widgets/text.ts';
import type { Pane } from './pane.ts';

type ClassName = keyof StatusSummary['classes'];

/** `shade` tells the classes apart without colour: the darker, the worse. */
const CLASSES: readonly { readonly name: ClassName; readonly style: StyleName; readonly shade: string }[] = [
  { name: '1xx', style: 'dim', shade: '░' },
  { name: '2xx', style: 'ok', shade: '░' },
  { name: '3xx', style: 'series4', shade: '▒' },
  { name: '4xx', style: 'warning', shade: '▓' },
  { name: '5xx', style: 'critical', shade: '█' },
];

const TALL = 14;

export const status: Pane = {
  id: 'status',
  title: 'Status',
  summary: 'Answers by status class, from the access log.',
  figures: ({ snapshot }) => [
    {
      spans: [
        { text: '5xx ', style: 'dim' },
        { text: formatRatioSign(snapshot.status.serverErrorRatio), style: errorStyle(snapshot) },
      ],
      rank: 0,
    },
  ],
  draw,
  line: drawLine,
  help: [
    { term: 'bar, %', meaning: 'share of all requests of the window' },
    { term: '/s', meaning: 'requests of that class ÷ length of the window' },
    { term: 'codes', meaning: 'the most frequent codes but 200' },
    { term: 'timeouts', meaning: 'requests killed with their worker; Gunicorn logs them as 500 or not at all' },
  ],
};

function errorStyle({ status: { classes } }: Snapshot): StyleName {
  return classes['5xx'] > 0 ? 'critical' : 'strong';
}

function draw(surface: Surface, { snapshot }: DrawContext): void {
  const { classes, codes } = snapshot.status;
  const total = Object.values(classes).reduce((sum, count) => sum + count, 0);
  const shown = CLASSES.filter(({ name }) => name !== '1xx' || classes[name] > 0);
  let y = 0;
  for (const { name, style } of shown) {
    if (y >= surface.height) return;
    drawClass(surface, y++, { name, style, count: classes[name], total, rate: perSecond(classes[name], snapshot) });
  }
  if (y < surface.height) drawSpans(surface, 1, y++, fitItems(codeItems(snapshot), surface.width - 2));
  if (y + 1 < surface.height) drawHistory(surface, snapshot, y + 1);
  if (surface.height >= TALL) drawCodes(surface, y + 3, codes, snapshot);
}

interface ClassFigures {
  readonly name: string;
  readonly style: StyleName;
  readonly count: number;
  readonly total: number;
  readonly rate: number | null;
}

function drawClass(surface: Surface, y: number, { name, style, count, total, rate }: ClassFigures): void {
  const quiet = count === 0;
  const ratio = total > 0 ? count / total : null;
  surface.text(1, y, name, quiet ? 'dim' : style);
  const figures = `${fitText(formatRatioSign(ratio), 8, 'right')}${fitText(`${formatRate(rate)}/s`, 9, 'right')}`;
  const room = surface.width - 6 - figures.length - 1;
  surface.text(5, y, bar(ratio, room), style);
  surface.text(surface.width - 1 - figures.length, y, figures, quiet ? 'dim' : 'text');
}

/** Codes other than 200, the most frequent first. */
function codeItems(snapshot: Snapshot): readonly Item[] {
  const { codes, timeouts } = snapshot.status;
  const killed: readonly Item[] =
    timeouts > 0 ? [item(`${formatCount(timeouts)} ${timeouts === 1 ? 'timeout' : 'timeouts'}`, 'critical')] : [];
  const others = sorted(codes)
    .filter(([code]) => code !== '200')
    .slice(0, 6)
    .map(([code, count], index) => ({
      spans: [
        { text: `${code} `, style: codeStyle(code) },
        { text: `${formatRate(perSecond(count, snapshot))}/s`, style: 'text' as const },
      ],
      rank: index + 1,
    }));
  return [...killed, ...others];
}

const sorted = (codes: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(codes).sort(([, a], [, b]) => b - a);

const codeStyle = (code: string): StyleName => CLASSES.find(({ name }) => name[0] === code[0])?.style ?? 'text';

function drawHistory(surface: Surface, { series }: Snapshot, y: number): void {
  const panel = { x: 8, y, width: surface.width - 9, style: 'critical', format: formatErrorRatio } as const;
  if (sparkColumns(panel) < 4) return;
  surface.text(1, y, '5xx %', 'dim');
  drawSpark(surface, columnsOf(series, series.serverErrorRatio, sparkColumns(panel), 'max'), panel);
}

const formatErrorRatio = (ratio: number): string => `${formatRatio(ratio)}%`;

/** Every code, in as many columns as fit. */
function drawCodes(surface: Surface, top: number, codes: StatusSummary['codes'], snapshot: Snapshot): void {
  const width = 30;
  const rows = surface.height - top;
  if (rows <= 0) return;
  for (const [index, [code, count]] of sorted(codes).entries()) {
    const x = 1 + Math.floor(index / rows) * width;
    if (x + width > surface.width) return;
    const y = top + (index % rows);
    surface.text(x, y, code, codeStyle(code));
    surface.text(x + 5, y, fitText(formatCount(count), 6, 'right'), 'text');
    surface.text(x + 12, y, fitText(`${formatRate(perSecond(count, snapshot))}/s`, 9, 'right'), 'dim');
  }
}

function drawLine(surface: Surface, { snapshot }: DrawContext): void {
  const { classes } = snapshot.status;
  const total = Object.values(classes).reduce((sum, count) => sum + count, 0);
  let x = 0;
  for (const { name, style } of CLASSES.slice(1)) {
    const quiet = classes[name] === 0;
    x = surface.text(x, 0, `${name} `, quiet ? 'dim' : style);
    x = surface.text(
      x,
      0,
      fitText(total > 0 ? `${formatRatio(classes[name] / total)}%` : '–', 7),
      quiet ? 'dim' : 'text',
    );
  }
  drawStacked(surface, x, classes, total);
}

/** One bar of all classes; every class that occurs has at least one cell. */
function drawStacked(surface: Surface, from: number, classes: StatusSummary['classes'], total: number): void {
  const width = surface.width - from;
  if (total === 0 || width < 8) return;
  const present = CLASSES.filter(({ name }) => classes[name] > 0);
  const rare = present.map(({ name }) => Math.max(1, Math.floor((classes[name] / total) * width)));
  const most = rare.indexOf(Math.max(...rare));
  rare[most] = width - rare.reduce((sum, cells, index) => sum + (index === most ? 0 : cells), 0);
  let x = from;
  for (const [index, { style, shade }] of present.entries()) {
    surface.fill(x, 0, rare[index] ?? 0, 1, shade, style);
    x += rare[index] ?? 0;
  }
}
