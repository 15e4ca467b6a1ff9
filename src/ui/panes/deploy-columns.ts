import type { DeployRow } from '../../model/snapshot.ts';
import type { StyleName } from '../canvas/surface.ts';
import { momentText } from '../context.ts';
import { formatDuration, formatMemory, formatRatio, UNKNOWN } from '../format.ts';
import type { Column } from '../widgets/table/index.ts';

const KINDS: Readonly<Record<DeployRow['kind'], string>> = { reload: 'HUP', upgrade: 'USR2', restart: 'start' };

/** A rise by so much, and to more than half as much again, is worth a colour. */
const WORSE_RATIO = 1.5;

interface Change {
  readonly text: string;
  readonly style: StyleName;
}

/**
 * `60.0ms → 182ms`, in the colour of a change for the worse. More is worse of everything that is compared here.
 * @param least a rise by less than this is none, however large a part of so little: 200 µs more are no news.
 */
export function change(
  was: number | null,
  is: number | null,
  format: (value: number | null) => string,
  least = 0,
): Change {
  if (was === null && is === null) return { text: UNKNOWN, style: 'unknown' };
  const worse = was !== null && is !== null && is > was * WORSE_RATIO && is - was >= least;
  return { text: `${format(was)} → ${format(is)}`, style: worse ? 'warning' : 'text' };
}

const LEAST_SECONDS = 0.01;
const LEAST_RATIO = 0.01;

export const durationChange = (was: number | null, is: number | null): Change =>
  change(was, is, formatDuration, LEAST_SECONDS);

export const ratioChange = (was: number | null, is: number | null): Change => change(was, is, percentText, LEAST_RATIO);

const percentText = (ratio: number | null): string => (ratio === null ? UNKNOWN : `${formatRatio(ratio)}%`);

/** Reloads, upgrades and restarts: at most five minutes before each against the first five since. */
export const DEPLOY_COLUMNS: readonly Column<DeployRow>[] = [
  {
    id: 'at',
    header: 'DEPLOY',
    width: 8,
    align: 'left',
    rank: 0,
    meaning: 'when it began',
    cell: ({ at }, context) => ({ text: momentText(at, context), style: 'dim' }),
  },
  {
    id: 'kind',
    header: '',
    width: 5,
    align: 'left',
    rank: 0,
    meaning: 'HUP reload, USR2 upgrade, or the start of a master',
    cell: ({ kind }) => ({ text: KINDS[kind], style: 'accent' }),
  },
  {
    id: 'p50',
    header: 'P50 BEFORE → AFTER',
    width: 18,
    align: 'left',
    rank: 3,
    meaning: 'median before and since',
    cell: ({ before, after }) => durationChange(before?.p50Seconds ?? null, after?.p50Seconds ?? null),
  },
  {
    id: 'p95',
    header: 'P95',
    width: 18,
    align: 'left',
    rank: 1,
    meaning: '95th percentile before and since',
    cell: ({ before, after }) => durationChange(before?.p95Seconds ?? null, after?.p95Seconds ?? null),
  },
  {
    id: 'errors',
    header: '5XX',
    width: 16,
    align: 'left',
    rank: 2,
    meaning: 'share of 5xx before and since',
    cell: ({ before, after }) => ratioChange(before?.serverErrorRatio ?? null, after?.serverErrorRatio ?? null),
  },
  {
    id: 'memory',
    header: 'MEMORY',
    width: 16,
    align: 'left',
    rank: 4,
    meaning: 'mean memory of master and workers (PSS) before and since',
    cell: ({ before, after }) => change(before?.memoryBytes ?? null, after?.memoryBytes ?? null, formatMemory),
  },
];
