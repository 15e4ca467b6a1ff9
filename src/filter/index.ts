/**
 * The language of filters, the same on the screen and on the command line: `status>=500 and path~^/api/`. A leaf that
 * every other folder may use.
 */
export { type Candidate, type Completion, completeFilter } from './complete.ts';
export { FilterError } from './errors.ts';
export type { Comparison, Expression, Operator } from './expression.ts';
export { FIELDS, type Field } from './fields.ts';
export { compileFilter, type Filter, type FilterOptions, filterComplaint } from './filter.ts';
export { formatFilter } from './format.ts';
export { parseFilter } from './parse.ts';
export type { FilteredEntry, FilteredRequest } from './subjects.ts';
