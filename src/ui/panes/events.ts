import type { EventRow } from '../../model/snapshot.ts';
import { formatClock } from '../format.ts';
import { LEVELS } from '../levels.ts';
import { item } from '../widgets/line.ts';
import { type Column, defineTable } from '../widgets/table/index.ts';
import type { Pane } from './pane.ts';

const columns: readonly Column<EventRow>[] = [
  {
    id: 'time',
    header: 'TIME',
    width: 8,
    align: 'left',
    rank: 0,
    meaning: 'when it happened',
    cell: ({ at }, { timeZone }) => ({ text: formatClock(at, timeZone), style: 'dim' }),
    sortBy: ({ at }) => Date.parse(at),
  },
  {
    id: 'level',
    header: '',
    width: 1,
    align: 'left',
    rank: 0,
    meaning: '✖ critical, ▲ warning, ● all right, – of unknown weight',
    cell: ({ level }) => ({ text: LEVELS[level].glyph, style: LEVELS[level].style }),
  },
  {
    id: 'text',
    header: 'EVENT',
    width: 20,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: 'life of master and workers, from the error log and from /proc, joined with the request that was running',
    cell: ({ text, level }) => ({ text, style: level === 'critical' ? 'critical' : 'text' }),
  },
];

const table = defineTable<EventRow>({
  pane: 'events',
  columns,
  rows: ({ snapshot }) => snapshot.events,
  key: ({ at, kind, worker, text }) => `${at} ${kind} ${worker ?? ''} ${text}`,
  defaultSort: () => 'time',
  empty: () => 'nothing has happened since gtop began',
});

export const events: Pane = {
  id: 'events',
  title: 'Events',
  summary: 'What happened to the master and its workers, newest first.',
  figures: ({ snapshot }) => {
    const bad = snapshot.events.filter(({ level }) => level === 'critical').length;
    return bad === 0 ? [] : [item(`${bad} ${LEVELS.critical.glyph}`, 'critical')];
  },
  draw: (surface, context, focused) => table.draw(surface, context, { y: 0, height: surface.height, focused }),
  table,
  help: [],
};
