/** The section `watch` of the config file: lines of the logs to count. */
import * as v from 'valibot';
import type { LinePattern } from '../model/watched-lines.ts';

const MOST_PATTERNS = 50;
const ITEM = 'must be an item like { name: slow_query, pattern: duration:*ms, log: app }';

const item = v.pipe(
  v.strictObject(
    {
      name: v.pipe(v.string(ITEM), v.regex(/^[A-Za-z_]\w{0,63}$/, 'must be letters, digits and underscores')),
      pattern: v.pipe(
        v.string(ITEM),
        v.maxLength(200, 'must be at most 200 characters'),
        v.check(
          (pattern) => pattern.replaceAll('*', '').trim() !== '',
          'must hold more than stars: it would match every line',
        ),
      ),
      log: v.optional(v.nullable(v.picklist(['app', 'error'], 'must be app or error')), null),
    },
    ITEM,
  ),
);

export const watchSchema: v.GenericSchema<unknown, LinePattern[]> = v.pipe(
  v.array(item, `must be a list of items like ${ITEM.slice(ITEM.indexOf('{'))}`),
  v.maxLength(MOST_PATTERNS, `must be at most ${MOST_PATTERNS} patterns`),
  v.check(
    (patterns) => new Set(patterns.map(({ name }) => name)).size === patterns.length,
    'two patterns have the same name',
  ),
);
