/** The report as Markdown, with tables as GitHub reads them. */
import type { Report } from '../../report/index.ts';
import { isNumeric, showCell } from './cells.ts';
import { type Section, sectionsOf } from './sections.ts';

/** Longer histories are for the JSON, the CSV and the HTML. */
const MOST_ROWS = 60;

/** Everything that Markdown, or HTML inside it, would act on; line breaks cannot occur in visible text. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~:@-]/g, (character) => `\\${character}`)
    .replace(/^ +| +$/g, '');

export function reportMarkdown(report: Report, timeZone: string): string {
  return `# gtop report\n\n${sectionsOf(report)
    .map((section) => sectionText(section, timeZone))
    .join('\n')}`;
}

function sectionText({ title, note, columns, rows }: Section, timeZone: string): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lines = [
    line(columns.map((column) => escaped(column.title))),
    line(columns.map((column) => (isNumeric(column) ? '--:' : '---'))),
    // Of a long history the newest part.
    ...rows.slice(-MOST_ROWS).map((row) => line(row.map((cell, i) => escaped(showCell(cell, columns[i], timeZone))))),
  ];
  const left = rows.length - MOST_ROWS;
  const omitted = left > 0 ? `\n${left} earlier rows are left out.\n` : '';
  return `## ${escaped(title)}\n\n${note === null ? '' : `${escaped(note)}\n\n`}${lines.join('\n')}\n${omitted}`;
}
