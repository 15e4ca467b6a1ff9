import { describe, expect, it } from 'vitest';
import { formOf, REPORT_FORMS, writeReport } from '../../../../src/output/report/index.ts';
import { stringWidth } from '../../../../src/text/width.ts';
import { record, reportOf, START_MS } from '../../report/records.ts';

const HOSTILE = '=cmd|"/c calc"!A1<script>alert(1)</script>\x1b[31m\u202e|`x`\x07';

const report = reportOf(
  Array.from({ length: 200 }, (_, i) =>
    record({
      atMs: START_MS + i * 1000,
      path: `/${HOSTILE}`,
      address: HOSTILE,
      userAgent: HOSTILE,
      referrer: HOSTILE,
      status: i % 2 === 0 ? 404 : 200,
      seconds: i / 10,
      worker: 42,
    }),
  ),
);
const OPTIONS = { width: 100, ascii: false, timeZone: 'UTC' };
const write = (form: string, differences = {}): string => writeReport(report, form, { ...OPTIONS, ...differences });

describe.each(REPORT_FORMS)('%s', (form) => {
  it('lets nothing through that a terminal would act on', () => {
    expect(write(form)).not.toMatch(/[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]/);
  });

  it('can be written of an empty log', () => {
    expect(writeReport(reportOf([]), form, OPTIONS)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('has no figures that are none', () => {
    expect(write(form)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('text', () => {
  it.each([40, 60, 80, 100, 200])('fits a terminal of %i columns', (width) => {
    const widths = write('text', { width })
      .split('\n')
      .map((line) => stringWidth(line));
    expect(Math.max(...widths)).toBeLessThanOrEqual(width);
  });

  it('has every section', () => {
    const titles = [...write('text').matchAll(/^(.+?) ─/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      'Overview',
      'Requests over time',
      'Hours of the day (UTC)',
      'Status classes',
      'Status codes',
      'Response times',
      'Distribution of response times',
      'Paths by worker time',
      'Paths by requests',
      'Paths by 95th percentile',
      'Paths by errors',
      'Paths by bytes',
      'Slowest requests',
      'Clients',
      'Browsers and programs',
      'User agents',
      'Referrers',
      'Methods',
      'Protocols',
      'Not found (404)',
      'Workers',
      'Utilisation by hour',
      'Reading',
    ]);
  });

  it('is 7-bit when asked to be', () => {
    expect(write('text', { ascii: true })).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe('CSV', () => {
  it('is one table of four columns', () => {
    const rows = write('csv').trimEnd().split('\r\n');
    expect(rows[0]).toBe('section,row,column,value');
    const fields = rows.map((row) => row.replace(/"(?:[^"]|"")*"/g, '').split(',').length);
    expect(new Set(fields)).toEqual(new Set([4]));
  });

  it('makes formulas harmless', () => {
    expect(write('csv')).toContain(`"'=cmd|""/c calc""!A1`);
    expect(write('csv')).not.toMatch(/(^|,)"?=/m);
  });
});

describe('HTML', () => {
  it('runs nothing and fetches nothing', () => {
    const html = write('html');
    expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/i);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toMatch(/<svg/);
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    const body = write('html').replace(/<!doctype html>|<meta[^>]*>|<style>[\s\S]*?<\/style>/g, '');
    for (const [, slash, name, empty] of body.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/g)) {
      if (slash) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
    }
    expect(open).toEqual([]);
  });
});

describe('Markdown', () => {
  it('keeps foreign text from being markup', () => {
    const markdown = write('md');
    expect(markdown).not.toContain('<script');
    expect(markdown).not.toMatch(/(?<!\\)`/);
  });

  it('has as many cells in each row of a table', () => {
    for (const table of write('md')
      .split('\n\n')
      .filter((part) => part.startsWith('|'))) {
      const cells = table
        .trim()
        .split('\n')
        .map((line) => line.split(/(?<!\\)\|/).length);
      expect(new Set(cells).size).toBe(1);
    }
  });
});

it.each([
  ['report.html', 'html'],
  ['REPORT.HTM', 'html'],
  ['a.md', 'md'],
  ['a.json', 'json'],
  ['a.csv', 'csv'],
  ['a.constructor', 'text'],
  ['report', 'text'],
  ['-', 'text'],
])('the name %s asks for %s', (name, form) => {
  expect(formOf(name)).toBe(form);
});
