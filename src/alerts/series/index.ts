/** Series for rules: what there is, for how long, under which names. */
export { type Alias, aliasOf, RULE_ALIASES } from './aliases.ts';
export { LEAST_RETENTION_MS, MOST_RETENTION_MS, SeriesStore, type StoreOptions } from './store.ts';
