/** What was thrown: every group of tracebacks, the most frequent first, each with its newest traceback. */
import type { ErrorGroup } from '../../model/snapshot.ts';
import type { DrawContext } from '../context.ts';
import { formatCount } from '../format.ts';
import { ERROR_COLUMNS, totalsText } from '../panes/error-columns.ts';
import { item } from '../widgets/line.ts';
import { type BlockRow, blocksHeight, drawBlocks, single } from './blocks.ts';
import { tableBlock } from './common.ts';
import type { DetailView, TargetOf } from './detail-view.ts';
import { errorBlock } from './tracebacks.ts';

export const errors: DetailView<'errors'> = {
  summary: 'What was thrown, folded by type and place, the most frequent first.',
  help: [
    { term: 'COUNT', meaning: 'occurrences since gtop began to read, in the error log and the application log' },
    { term: 'WHERE', meaning: 'innermost frame of the application, without the libraries' },
    { term: 'PATHS', meaning: 'routes on which it happened, as far as a log tells them' },
    { term: 'v', meaning: 'the raw lines: entries with a traceback, and requests that failed' },
  ],
  title: () => 'tracebacks',
  copied: ({ snapshot: { errors: groups } }) =>
    groups.map(({ count, sample }) => `${formatCount(count)}×\n${sample}`).join('\n\n'),
  figures: ({ snapshot }) => [item(totalsText(snapshot), 'strong')],
  height: (context, target, width) => blocksHeight(rowsOf(context, target), width),
  draw: (surface, context, target) => drawBlocks(surface, rowsOf(context, target)),
};

/** In the order of the moment it was opened, what is new behind them: no traceback moves away from who reads it. */
function inOrder(groups: readonly ErrorGroup[], order: readonly string[]): readonly ErrorGroup[] {
  const place = ({ fingerprint }: ErrorGroup): number => {
    const index = order.indexOf(fingerprint);
    return index < 0 ? order.length : index;
  };
  return groups.toSorted((a, b) => place(a) - place(b));
}

function rowsOf(context: DrawContext, { order = [] }: TargetOf<'errors'>): readonly BlockRow[] {
  const groups = inOrder(context.snapshot.errors, order);
  return [single(overview(groups, context)), ...groups.map((group) => single(errorBlock(group, context)))];
}

const overview = (groups: readonly ErrorGroup[], context: DrawContext) =>
  tableBlock('Tracebacks of the error log and the application, since gtop began to read', context, {
    columns: ERROR_COLUMNS,
    rows: groups,
    most: 10,
    empty: 'none: --error-log and --app-log name the logs that hold them',
  });
