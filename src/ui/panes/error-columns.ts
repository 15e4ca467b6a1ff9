import type { ErrorGroup, Snapshot } from '../../model/snapshot.ts';
import { momentText } from '../context.ts';
import { formatCount, UNKNOWN } from '../format.ts';
import type { Column } from '../widgets/table/index.ts';

/** `45 in 2 groups`. How many there were at a moment of the past was not kept: they are of now, and say so. */
export const totalsText = ({ errorTotals: { count, groups }, past }: Pick<Snapshot, 'errorTotals' | 'past'>): string =>
  `${formatCount(count)} in ${formatCount(groups)} group${groups === 1 ? '' : 's'}${past == null ? '' : ' by now'}`;

/** Groups of tracebacks, as the status pane and the details list them. */
export const ERROR_COLUMNS: readonly Column<ErrorGroup>[] = [
  {
    id: 'count',
    header: 'COUNT',
    width: 6,
    align: 'right',
    rank: 0,
    meaning: 'occurrences since gtop began to read',
    cell: ({ count }) => ({ text: formatCount(count), style: 'strong' }),
  },
  {
    id: 'last',
    header: 'LAST',
    width: 8,
    align: 'left',
    rank: 2,
    meaning: 'when it was seen last',
    cell: ({ lastAt }, context) => ({ text: momentText(lastAt, context), style: 'dim' }),
  },
  {
    id: 'type',
    header: 'ERROR',
    width: 18,
    align: 'left',
    rank: 0,
    meaning: 'type of the exception, of a chain the last',
    cell: ({ type }) => ({ text: type, style: 'critical' }),
  },
  {
    id: 'frame',
    header: 'WHERE',
    width: 28,
    align: 'left',
    rank: 1,
    meaning: 'innermost frame of the application',
    cell: ({ frame }) => ({ text: frame ?? UNKNOWN }),
  },
  {
    id: 'paths',
    header: 'PATHS',
    width: 22,
    align: 'left',
    rank: 3,
    meaning: 'routes on which it happened',
    cell: ({ paths }) => ({
      text: paths.length > 1 ? `${paths[0]} +${paths.length - 1}` : (paths[0] ?? UNKNOWN),
      style: 'dim',
    }),
  },
  {
    id: 'message',
    header: 'MESSAGE',
    width: 20,
    align: 'left',
    rank: 4,
    fill: true,
    meaning: 'of the newest',
    cell: ({ message }) => ({ text: message }),
  },
];
