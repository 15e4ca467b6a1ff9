/** A report in the form that was asked for. */
import type { Report } from '../../report/index.ts';
import { toJsonLine } from '../json.ts';
import { reportCsv } from './csv.ts';
import { reportHtml } from './html.ts';
import { reportMarkdown } from './markdown.ts';
import { reportText, type TextOptions } from './text.ts';

export type { TextOptions } from './text.ts';

const FORMS: Readonly<Record<string, (report: Report, options: TextOptions) => string>> = {
  text: reportText,
  json: (report) => `${toJsonLine(report)}\n`,
  csv: (report) => reportCsv(report),
  md: (report, { timeZone }) => reportMarkdown(report, timeZone),
  html: (report, { timeZone }) => reportHtml(report, timeZone),
};

export const REPORT_FORMS: readonly string[] = Object.keys(FORMS);

/** Endings of file names that tell the form. */
const ENDINGS: Readonly<Record<string, string>> = {
  txt: 'text',
  json: 'json',
  csv: 'csv',
  md: 'md',
  markdown: 'md',
  html: 'html',
  htm: 'html',
};

/** The form that a file's name asks for; text when it asks for none. */
export function formOf(path: string): string {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : 'text';
}

/** @param form one of {@link REPORT_FORMS}. */
export const writeReport = (report: Report, form: string, options: TextOptions): string => FORMS[form](report, options);
