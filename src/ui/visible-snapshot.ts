import type { Snapshot } from '../model/snapshot.ts';
import { visible } from '../text/visible.ts';

/**
 * The Snapshot with every string in visible form: paths, agents, addresses and messages are written by whoever sends
 * requests. Done once as a Snapshot arrives, so that nothing behind this line can reach a terminal as it was sent.
 * Parts without a string to change stay the same objects.
 */
export function visibleSnapshot(snapshot: Snapshot): Snapshot {
  return visibleValue(snapshot) as Snapshot; // same shape: only strings are replaced, by strings
}

/** The same for any plain data of the screen's own. */
export const visibleCopy = <T>(value: T): T => visibleValue(value) as T; // same shape: only strings are replaced, by strings

/** Fields of several lines, such as a traceback: their newlines separate lines and stay. */
const MULTILINE = new Set(['details', 'sample', 'expression']);
/** Fields whose values are such texts. */
const MULTILINE_MAPS = new Set(['annotations']);

const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

function visibleValue(value: unknown, isMultiline = false): unknown {
  if (typeof value === 'string') return isMultiline ? visibleLines(value) : visible(value);
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? visibleList(value) : visibleObject(value as Record<string, unknown>, isMultiline);
}

function visibleList(list: readonly unknown[]): readonly unknown[] {
  // Series hold thousands of numbers: nothing to look at one by one.
  if (list.every((each) => each === null || typeof each === 'number')) return list;
  const changed = list.map((each) => visibleValue(each));
  return changed.some((each, index) => each !== list[index]) ? changed : list;
}

function visibleObject(
  object: Readonly<Record<string, unknown>>,
  isMultiline: boolean,
): Readonly<Record<string, unknown>> {
  let changed: Record<string, unknown> | null = null;
  for (const key of Object.keys(object)) {
    const value = object[key];
    const isText = typeof value === 'string';
    const shown = visibleValue(value, isText ? isMultiline || MULTILINE.has(key) : MULTILINE_MAPS.has(key));
    const shownKey = visible(key);
    if (shown === value && shownKey === key) continue;
    changed ??= { ...object };
    if (shownKey !== key) delete changed[key];
    changed[shownKey] = shown;
  }
  return changed ?? object;
}
