/** The report for a terminal. */
import type { Report } from '../../report/index.ts';
import { clip, padEnd, padStart, stringWidth } from '../../text/width.ts';
import { greatest, isNumeric, rawOf, showCell } from './cells.ts';
import { format } from './figures.ts';
import { type Section, sectionsOf } from './sections.ts';

export interface TextOptions {
  /** Cells; lines are never longer. */
  readonly width: number;
  /** 7-bit characters only. */
  readonly ascii: boolean;
  readonly timeZone: string;
}

const GAP = '  ';
const LEAST_WIDTH = 40;
const MOST_BAR = 30;
const LEAST_BAR = 6;
/** A column of text is not cut below this. */
const LEAST_TEXT = 28;
const CHART_ROWS = 6;
const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_EIGHTHS = [' ', '.', '.', '.', ':', ':', ':', '|', '|'];

export function reportText(report: Report, options: TextOptions): string {
  const fitting = { ...options, width: Math.max(LEAST_WIDTH, options.width) };
  const lines = sectionsOf(report).flatMap((section) => [...sectionLines(section, fitting), '']);
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function sectionLines(section: Section, options: TextOptions): readonly string[] {
  const { width, ascii } = options;
  const rule = ascii ? '-' : '─';
  const title = clip(`${section.title} `, width);
  return [
    title + rule.repeat(width - stringWidth(title)),
    ...(section.note === null ? [] : [clip(plain(section.note, ascii), width, ascii ? '~' : '…')]),
    ...(section.isHistory ? chartLines(section, options) : tableLines(section, options)),
  ];
}

/** The only characters of our own beyond ASCII. */
const plain = (text: string, ascii: boolean): string =>
  ascii
    ? text
        .replaceAll('–', '-')
        .replaceAll('µ', 'u')
        .replace(/[^\x20-\x7e]/gu, '?')
    : text;

function tableLines({ columns, rows, bar }: Section, { width, ascii, timeZone }: TextOptions): readonly string[] {
  const hasHead = columns.some((column) => column.title !== '');
  const cells = rows.map((row) => row.map((cell, i) => plain(showCell(cell, columns[i], timeZone), ascii)));
  const all = hasHead ? [columns.map((column) => column.title), ...cells] : cells;
  const natural = columns.map((_, i) => all.reduce((most, row) => Math.max(most, stringWidth(row[i])), 0));
  const fitted = fitWidths(
    natural,
    columns.map((column) => column.unit === 'text'),
    width,
  );
  const shown = fitted.map((_, i) => i).filter((i) => fitted[i] > 0);
  const used = shown.reduce((sum, i) => sum + fitted[i] + GAP.length, 0);
  const barWidth = bar === null ? 0 : Math.min(MOST_BAR, width - used);
  const most = bar === null ? 1 : greatest(rows, bar);
  return all.map((row, index) => {
    const text = shown.map((i) => {
      const cut = clip(row[i], fitted[i], ascii ? '~' : '…');
      return isNumeric(columns[i]) ? padStart(cut, fitted[i]) : padEnd(cut, fitted[i]);
    });
    const source = rows[hasHead ? index - 1 : index];
    const drawn = bar === null || barWidth < LEAST_BAR || source === undefined ? '' : barOf(source[bar]);
    return text.join(GAP) + (drawn === '' ? '' : GAP + drawn);
  });

  function barOf(cell: Section['rows'][number][number]): string {
    const length = Math.round((Number(rawOf(cell) ?? 0) / most) * barWidth);
    return (ascii ? '#' : '█').repeat(Math.max(0, length));
  }
}

/**
 * Cuts the widest column of text until all fits; if that is not enough, columns are left out from the right.
 * @returns widths; 0 for a column left out.
 */
function fitWidths(natural: readonly number[], isText: readonly boolean[], width: number): readonly number[] {
  const widths = [...natural];
  const total = (): number => widths.reduce((sum, one) => sum + (one > 0 ? one + GAP.length : 0), -GAP.length);
  while (total() > width) {
    const texts = widths.map((one, i) => (isText[i] ? one : 0));
    const widest = texts.indexOf(Math.max(...texts));
    const others = Math.max(LEAST_TEXT, ...texts.filter((_, i) => i !== widest));
    const excess = total() - width;
    if (texts[widest] > LEAST_TEXT) {
      widths[widest] = Math.max(LEAST_TEXT, Math.min(texts[widest] - 1, Math.max(texts[widest] - excess, others)));
    } else {
      const last = widths.findLastIndex((one) => one > 0);
      if (last === 0) {
        widths[0] = width;
        break;
      }
      widths[last] = 0;
    }
  }
  // What a column that was left out freed goes to the text that was cut.
  for (const [i, one] of natural.entries()) {
    if (widths[i] > 0) widths[i] = Math.min(one, widths[i] + Math.max(0, width - total()));
  }
  return widths;
}

/** Columns of eighths of cells, with the greatest value and the ends named. */
function chartLines({ columns, rows, bar }: Section, { width, ascii, timeZone }: TextOptions): readonly string[] {
  const drawn = bar ?? 1;
  const values = rows.map((row) => Number(rawOf(row[drawn]) ?? 0));
  const most = greatest(rows, drawn);
  const label = plain(format(most === Number.MIN_VALUE ? 0 : most, columns[drawn].unit, timeZone), ascii);
  const room = Math.max(1, width - label.length - 1);
  const points = resample(values, Math.min(room, values.length * Math.max(1, Math.floor(room / values.length))));
  const eighths = ascii ? ASCII_EIGHTHS : EIGHTHS;
  const lines = Array.from({ length: CHART_ROWS }, (_, row) => {
    const floor = (CHART_ROWS - 1 - row) * 8;
    const bars = points.map((value) => {
      const height = Math.round((value / most) * CHART_ROWS * 8);
      return eighths[Math.max(0, Math.min(8, height - floor))];
    });
    return `${row === 0 ? label : ' '.repeat(label.length)} ${bars.join('')}`;
  });
  const first = showCell(rows[0][0], columns[0], timeZone);
  const last = showCell(rows[rows.length - 1][0], columns[0], timeZone);
  const span = Math.max(0, points.length - stringWidth(first) - stringWidth(last));
  const ends = rows.length === 1 || span === 0 ? `${first} … ${last}` : first + ' '.repeat(span) + last;
  return [...lines, clip(`${' '.repeat(label.length)} ${plain(ends, ascii)}`, width)];
}

/** Values stretched, or the greatest of each group: a peak never disappears. */
function resample(values: readonly number[], points: number): readonly number[] {
  return Array.from({ length: points }, (_, index) => {
    const from = Math.floor((index * values.length) / points);
    const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / points));
    return Math.max(...values.slice(from, to));
  });
}
