/** The table of panes. A new pane is one file and one row here (and its name in state.ts, which gives its place). */
import { PANE_IDS, type PaneId } from '../state.ts';
import { alerts } from './alerts.ts';
import { clients } from './clients.ts';
import { events } from './events.ts';
import { latency } from './latency.ts';
import type { Pane } from './pane.ts';
import { paths } from './paths.ts';
import { slow } from './slow.ts';
import { status } from './status.ts';
import { system } from './system.ts';
import { traffic } from './traffic.ts';
import { workers } from './workers.ts';

export type { Pane } from './pane.ts';

export const PANES: Readonly<Record<PaneId, Pane>> = {
  traffic,
  latency,
  status,
  paths,
  workers,
  alerts,
  events,
  system,
  clients,
  slow,
};

/** The digit that focuses a pane: `1` … `9`, `0` for the tenth. */
export function paneDigit(id: PaneId): string {
  return String((PANE_IDS.indexOf(id) + 1) % 10);
}
