/** Requests and bytes by family of user agents. */
import { createValueCell, mergeValues, type ValueCell } from './cells.ts';
import { familyOf } from './user-agents.ts';

const KINDS = ['browsers', 'systems', 'bots'] as const;

export type Families = Readonly<Record<(typeof KINDS)[number], Map<string, ValueCell>>>;

export const createFamilies = (): Families => ({ browsers: new Map(), systems: new Map(), bots: new Map() });

/** Adds what a user agent asked for to the families that it is of. */
export function addToFamilies(families: Families, agent: ValueCell): void {
  const { browser, system, kind } = familyOf(agent.value);
  add(kind === 'bot' ? families.bots : families.browsers, browser, agent);
  if (system !== null) add(families.systems, system, agent);
}

export function mergeFamilies(into: Families, from: Families): void {
  for (const kind of KINDS) for (const cell of from[kind].values()) add(into[kind], cell.value, cell);
}

function add(cells: Map<string, ValueCell>, family: string, what: ValueCell): void {
  const cell = cells.get(family) ?? createValueCell(family);
  mergeValues(cell, what);
  cells.set(family, cell);
}
