/** What a reload of the configuration changes. */
import { isDeepStrictEqual } from 'node:util';
import { camelCase, type Settings } from '../config.ts';
import { OPTIONS } from '../options.ts';
import { SECTIONS } from '../sections.ts';

/** Keys that a reload puts in force: what is watched stays, so that no counter begins anew. */
const RELOADED: readonly string[] = ['metrics-alias', 'rules'];

export interface Changes {
  readonly inForce: readonly string[];
  /** Of these only a restart takes notice. */
  readonly atNextStart: readonly string[];
}

/** The keys of the config file whose values differ, those without a meaning for a program without a screen left out. */
export function changedKeys(before: Settings, after: Settings): Changes {
  const valueIn = (settings: Settings, key: string): unknown => settings[camelCase(key) as keyof Settings];
  const changed = [...OPTIONS.filter(({ display }) => !display), ...SECTIONS]
    .map(({ key }) => key)
    .filter((key) => !isDeepStrictEqual(valueIn(before, key), valueIn(after, key)));
  return {
    inForce: changed.filter((key) => RELOADED.includes(key)),
    atNextStart: changed.filter((key) => !RELOADED.includes(key)),
  };
}
