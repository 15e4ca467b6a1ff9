import type { ErrorGroup, Series, Snapshot, StatusSummary } from '../../model/snapshot.ts';
import { stringWidth } from '../../text/width.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { type DrawContext, perSecond } from '../context.ts';
import { formatCount, formatRate, formatRatio, formatRatioSign } from '../format.ts';
import { bar } from '../widgets/bar.ts';
import { drawSpark, sparkColumns } from '../widgets/chart-panel.ts';
import { columnsOf } from '../widgets/history.ts';
import { drawSpans, fitItems, type Item, item } from '../widgets/line.ts';
import { region } from '../widgets/region.ts';
import { drawPlainTable } from '../widgets/table/plain.ts';
import { fitText } from '../widgets/text.ts';
import { ERROR_COLUMNS, totalsText } from './error-columns.ts';
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
    {
      term: 'N×',
      meaning:
        'tracebacks of the error log and the application, folded by type and place, since gtop began to read: Enter shows them',
    },
    { term: 'timeouts', meaning: 'requests killed with their worker; Gunicorn logs them as 500 or not at all' },
  ],
};

function errorStyle({ status: { classes } }: Snapshot): StyleName {
  return classes['5xx'] > 0 ? 'critical' : 'strong';
}

function draw(surface: Surface, context: DrawContext): void {
  const { snapshot } = context;
  const { classes } = snapshot.status;
  const total = Object.values(classes).reduce((sum, count) => sum + count, 0);
  const shown = CLASSES.filter(({ name }) => name !== '1xx' || classes[name] > 0);
  let y = 0;
  for (const { name, style } of shown) {
    if (y >= surface.height) return;
    drawClass(surface, y++, { name, style, count: classes[name], total, rate: perSecond(classes[name], snapshot) });
  }
  if (y < surface.height) drawSpans(surface, 1, y++, fitItems(codeItems(snapshot), surface.width - 2));
  const { errors } = snapshot;
  const room = surface.height - y;
  // What is thrown says more than when it was; a blank line only where nothing is lost for it.
  if (surface.height >= TALL) drawFurther(surface, context, y + 1);
  else if (errors.length === 0 || room >= 2) {
    if (room >= 2 + Math.min(1, errors.length)) y++;
    if (y < surface.height) drawHistory(surface, snapshot.series, y++, HISTORIES[0]);
  }
  if (surface.height < TALL) {
    for (const group of errors.slice(0, Math.max(0, surface.height - y))) drawError(surface, y++, group, snapshot);
  }
}

/** One group of tracebacks in a line: `12× ValueError app/views.py:88 in report: bad id`. */
function drawError(surface: Surface, y: number, { count, type, frame, message }: ErrorGroup, { past }: Snapshot): void {
  const where = frame === null ? '' : ` ${frame}`;
  const times = `${formatCount(count)}× ${past == null ? '' : 'by now '}`;
  // The place says more than the module of the exception.
  const isWide = stringWidth(times + type + where) <= surface.width - 2;
  const x = surface.text(1, y, times + (isWide ? type : type.slice(type.lastIndexOf('.') + 1)), 'critical');
  surface.text(x, y, fitText(`${where}${message === '' ? '' : `: ${message}`}`, surface.width - x - 1), 'text');
}

/** Where there is room: the shares over time, every code, and what was thrown. */
function drawFurther(surface: Surface, context: DrawContext, top: number): void {
  const { snapshot } = context;
  let y = top;
  for (const history of HISTORIES) drawHistory(surface, snapshot.series, y++, history);
  const codes = sorted(snapshot.status.codes);
  const perLine = Math.max(1, Math.floor((surface.width - 2) / CODE_WIDTH));
  const rows = Math.min(Math.ceil(codes.length / perLine), Math.max(1, surface.height - y - 4));
  drawCodes(surface, { x: 1, y: y + 1, width: surface.width - 2, height: rows }, codes, snapshot);
  y += rows + 2;
  const { errors } = snapshot;
  if (errors.length === 0) {
    if (y < surface.height) surface.text(1, y, 'no traceback since gtop began to read', 'header');
    return;
  }
  const room = surface.height - y;
  // Where two headings would take the place of what stands below them, a line for each has to do.
  if (room < 2 + Math.min(2, errors.length)) {
    for (const [row, group] of errors.slice(0, Math.max(0, room)).entries())
      drawError(surface, y + row, group, snapshot);
    return;
  }
  surface.text(1, y, `Tracebacks: ${totalsText(snapshot)} · Enter shows them`, 'header');
  drawPlainTable(
    region(surface, { x: 0, y: y + 1, width: surface.width, height: room - 1 }),
    context,
    ERROR_COLUMNS,
    errors,
  );
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

interface History {
  readonly label: string;
  readonly style: StyleName;
  readonly of: (series: Series) => readonly (number | null)[];
}

const HISTORIES: readonly [History, History] = [
  { label: '5xx %', style: 'critical', of: (series) => series.serverErrorRatio },
  { label: '4xx %', style: 'warning', of: (series) => series.clientErrorRatio },
];

function drawHistory(surface: Surface, series: Series, y: number, { label, style, of }: History): void {
  const panel = { x: 8, y, width: surface.width - 9, style, format: formatErrorRatio } as const;
  if (sparkColumns(panel) < 4) return;
  surface.text(1, y, label, 'dim');
  drawSpark(surface, columnsOf(series, of(series), sparkColumns(panel), 'max'), panel);
}

const formatErrorRatio = (ratio: number): string => `${formatRatio(ratio)}%`;

/** Cells of one code with its figures and the gap behind it. */
const CODE_WIDTH = 26;

/** Every code, column by column, in as many columns as fit. */
function drawCodes(
  surface: Surface,
  area: { x: number; y: number; width: number; height: number },
  codes: readonly (readonly [string, number])[],
  snapshot: Snapshot,
): void {
  for (const [index, [code, count]] of codes.entries()) {
    const x = area.x + Math.floor(index / area.height) * CODE_WIDTH;
    if (x + CODE_WIDTH > area.x + area.width) return;
    const y = area.y + (index % area.height);
    surface.text(x, y, code, codeStyle(code));
    surface.text(x + 4, y, fitText(formatCount(count), 6, 'right'), 'text');
    surface.text(x + 11, y, fitText(`${formatRate(perSecond(count, snapshot))}/s`, 9, 'right'), 'dim');
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
