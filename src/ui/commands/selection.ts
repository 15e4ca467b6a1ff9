import { PANES } from '../panes/index.ts';
import { selectedIndex, tableState } from '../state.ts';
import type { Screen } from './screen.ts';

/** The item of the focused table that is selected; null where there is none. */
export function selectedKey(screen: Screen): string | null {
  const { focus } = screen.state;
  const context = screen.context();
  const { table } = PANES[focus];
  if (context === null || table === undefined) return null;
  const keys = table.keys(context);
  return keys[selectedIndex(tableState(screen.state, focus), keys, table.first(context))] ?? null;
}
