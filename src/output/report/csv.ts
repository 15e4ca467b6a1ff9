/**
 * The report as one table, RFC 4180: section, row, column, value. Rectangular, so that any program reads it; values are
 * in base units.
 */
import type { Report } from '../../report/index.ts';
import { visible } from '../../text/visible.ts';
import { rawOf } from './cells.ts';
import { sectionsOf } from './sections.ts';

/** Spreadsheets run cells that begin like this as formulas; behind a quote mark they are text. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/;
const SPECIAL = /[",\r\n]/;

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = visible(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return SPECIAL.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function reportCsv(report: Report): string {
  const lines = ['section,row,column,value'];
  for (const { id, columns, rows } of sectionsOf(report)) {
    rows.forEach((row, index) => {
      row.forEach((value, i) => {
        lines.push([id, index + 1, columns[i].key, rawOf(value)].map(cell).join(','));
      });
    });
  }
  return lines.map((line) => `${line}\r\n`).join('');
}
