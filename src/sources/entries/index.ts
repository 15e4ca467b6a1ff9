/** What the readers of error logs and of applications' logs share: entries of several lines, and the forms of a head. */
export type { Head } from './head.ts';
export { jsonHead } from './json-lines.ts';
export { PlainLines } from './plain-lines.ts';
export { type EntryFormat, EntryReader, type ReadingOptions } from './reader.ts';
export { parseTime } from './time.ts';
