/** How each command is carried out: a row for every name of the table, none can be without an effect. */
import type { Command } from '../command-table.ts';
import { ACTIONS } from './actions.ts';
import { GIVE_AWAY } from './give-away.ts';
import { OPEN } from './open.ts';
import { PROMPTS } from './prompts.ts';
import { ROWS } from './rows.ts';
import type { Effect } from './screen.ts';
import { SERVICES } from './services.ts';
import { SORTING } from './sorting.ts';
import { TIME } from './time.ts';
import { VIEW } from './view.ts';

export { type Effect, messageOf, type Screen } from './screen.ts';

export const EFFECTS: Readonly<Record<Command, Effect>> = {
  ...VIEW,
  ...ROWS,
  ...OPEN,
  ...SORTING,
  ...TIME,
  ...PROMPTS,
  ...GIVE_AWAY,
  ...ACTIONS,
  ...SERVICES,
};
