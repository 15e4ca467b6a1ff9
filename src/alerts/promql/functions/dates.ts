/** Parts of a moment in UTC, of each element's value in seconds or of now. */

import { NO_LABELS } from '../labels.ts';
import type { FunctionDefinition, FunctionRows } from './definition.ts';
import { argument } from './definition.ts';

const DAY_MS = 86_400_000;

function datePart(part: (date: Date) => number): FunctionDefinition {
  const partOf = (seconds: number): number => part(new Date(Math.trunc(seconds) * 1000));
  return {
    required: [],
    optional: ['vector'],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      if (call.args.length === 0) return [{ labels: NO_LABELS, value: partOf(atMs / 1000), dropName: false }];
      return evaluation
        .vector(argument(call, 0), atMs)
        .map(({ labels, value }) => evaluation.renamed(labels, partOf(value)));
    },
  };
}

export const DATE_FUNCTIONS: FunctionRows = {
  day_of_month: datePart((date) => date.getUTCDate()),
  day_of_week: datePart((date) => date.getUTCDay()),
  day_of_year: datePart((date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1),
  // Day 0 of the next month is the last one of this.
  days_in_month: datePart((date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()),
  hour: datePart((date) => date.getUTCHours()),
  minute: datePart((date) => date.getUTCMinutes()),
  month: datePart((date) => date.getUTCMonth() + 1),
  year: datePart((date) => date.getUTCFullYear()),
};
