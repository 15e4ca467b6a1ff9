/** The report as one HTML page that needs nothing else: no script, no request to anywhere. */
import type { Report } from '../../report/index.ts';
import { visible } from '../../text/visible.ts';
import { greatest, isNumeric, rawOf, showCell } from './cells.ts';
import { format } from './figures.ts';
import { type Section, sectionsOf } from './sections.ts';

/** Units of the chart's own coordinates. */
const CHART_WIDTH = 960;
const CHART_HEIGHT = 160;

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1f23; --faint: #667; --paper: #fff; --rule: #dde; --bar: #3b82c4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #dfe3e8; --faint: #99a; --paper: #15181c; --rule: #333a44; --bar: #5aa2e0; }
}
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: var(--ink); background: var(--paper); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .4rem; border-bottom: 1px solid var(--rule); }
p { color: var(--faint); margin: .3rem 0; }
div { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--faint); font-weight: normal; }
th, td { padding: .12rem 1rem .12rem 0; vertical-align: top; }
td { overflow-wrap: anywhere; } .n { text-align: right; white-space: nowrap; }
svg { display: block; width: 100%; height: auto; fill: var(--bar); } svg text { fill: var(--faint); font-size: 12px; }
td svg { width: 12rem; height: .8rem; margin-top: .3rem; }
`;

/** The policy forbids what the page does not need anyway. */
const HEAD = `<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

export function reportHtml(report: Report, timeZone: string): string {
  const { from, to } = report.window;
  const span = [from, to].map((time) => format(time, 'time', timeZone)).join(' to ');
  return `<!doctype html>
<html lang="en">
<head>
${HEAD}
<title>gtop report</title>
<style>${STYLE}</style>
</head>
<body>
<h1>gtop report</h1>
<p>${escaped(`${span}, ${timeZone}`)}</p>
${sectionsOf(report)
  .map((section) => sectionHtml(section, timeZone))
  .join('\n')}
<p>Written ${escaped(format(report.generatedAt, 'time', timeZone))} by gtop ${escaped(report.gtop.version)}</p>
</body>
</html>
`;
}

function sectionHtml(section: Section, timeZone: string): string {
  const { id, title, note, isHistory } = section;
  const table = tableHtml(section, timeZone);
  const body = isHistory ? `${chart(section, timeZone)}\n<details><summary>Figures</summary>${table}</details>` : table;
  return `<section id="${escaped(id)}">
<h2>${escaped(title)}</h2>
${note === null ? '' : `<p>${escaped(note)}</p>\n`}${body}
</section>`;
}

function tableHtml({ columns, rows, bar, isHistory }: Section, timeZone: string): string {
  const kinds = columns.map((column) => (isNumeric(column) ? ' class="n"' : ''));
  const head = columns.some((column) => column.title !== '')
    ? `<tr>${columns.map((column, i) => `<th${kinds[i]}>${escaped(column.title)}</th>`).join('')}</tr>\n`
    : '';
  const most = bar === null ? 1 : greatest(rows, bar);
  const lines = rows.map((row) => {
    const cells = row.map((cell, i) => `<td${kinds[i]}>${escaped(showCell(cell, columns[i], timeZone))}</td>`);
    const drawn = bar === null || isHistory ? '' : `<td>${barSvg(Number(rawOf(row[bar]) ?? 0) / most)}</td>`;
    return `<tr>${cells.join('')}${drawn}</tr>`;
  });
  return `<div><table>\n${head}${lines.join('\n')}\n</table></div>`;
}

const barSvg = (share: number): string =>
  `<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${coordinate(share * 100)}" height="8"/></svg>`;

const coordinate = (value: number): string => String(Math.round(value * 100) / 100);

function chart({ columns, rows, bar, title }: Section, timeZone: string): string {
  const drawn = bar ?? 1;
  const most = greatest(rows, drawn);
  const step = CHART_WIDTH / rows.length;
  const bars = rows.map((row, index) => {
    const height = (Number(rawOf(row[drawn]) ?? 0) / most) * CHART_HEIGHT;
    const width = Math.max(0.5, step * 0.9);
    return `<rect x="${coordinate(index * step)}" y="${coordinate(20 + CHART_HEIGHT - height)}" width="${coordinate(width)}" height="${coordinate(height)}"/>`;
  });
  const at = (index: number): string => escaped(showCell(rows[index][0], columns[0], timeZone));
  const highest = escaped(format(most === Number.MIN_VALUE ? 0 : most, columns[drawn].unit, timeZone));
  const bottom = CHART_HEIGHT + 36;
  return `<svg viewBox="0 0 ${CHART_WIDTH} ${bottom + 4}" role="img" aria-label="${escaped(title)}">
${bars.join('')}
<text x="0" y="12">${highest}</text><text x="0" y="${bottom}">${at(0)}</text>
<text x="${CHART_WIDTH}" y="${bottom}" text-anchor="end">${at(rows.length - 1)}</text>
</svg>`;
}
