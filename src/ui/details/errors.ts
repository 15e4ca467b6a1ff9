/** What was thrown: every group of tracebacks, the most frequent first, each with its newest traceback. */
import type { ErrorGroup } from '../../model/snapshot.ts';
import type { DrawContext } from '../context.ts';
import { ERROR_COLUMNS, totalsText } from '../panes/error-columns.ts';
import { item } from '../widgets/line.ts';
import { type BlockRow, blocksHeight, drawBlocks, single } from './blocks.ts';
import { errorBlock, tableBlock } from './common.ts';
import type { DetailView } from './detail-view.ts';

export const errors: DetailView<'errors'> = {
  title: () => 'tracebacks',
  figures: ({ snapshot: { errorTotals } }) => [item(totalsText(errorTotals), 'strong')],
  height: (context, _, width) => blocksHeight(rowsOf(context), width),
  draw: (surface, context) => drawBlocks(surface, rowsOf(context)),
};

function rowsOf(context: DrawContext): readonly BlockRow[] {
  const groups = context.snapshot.errors;
  return [single(overview(groups, context)), ...groups.map((group) => single(errorBlock(group, context)))];
}

const overview = (groups: readonly ErrorGroup[], context: DrawContext) =>
  tableBlock('Tracebacks of the error log and the application, since gtop began to read', context, {
    columns: ERROR_COLUMNS,
    rows: groups,
    most: 10,
    empty: 'none: --error-log and --app-log name the logs that hold them',
  });
