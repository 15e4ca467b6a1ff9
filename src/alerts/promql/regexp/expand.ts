/** The text that stands in the place of a match. */
import type { Captures } from './match.ts';

/** A dollar that nothing of these follows is one. */
const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/**
 * `$1`, `$name`, `${name}`, `$$`, as Go's `Regexp.Expand` has it: the longest name counts, groups that are not there or took
 * no part are empty. A number with a leading zero is a name.
 */
export function expand(template: string, groupNames: readonly (string | null)[], groups: Captures): string {
  return template.replace(REFERENCE, (whole, braced?: string, bare?: string) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare ?? '';
    if (/^(?:0|[1-9]\d{0,8})$/.test(name)) return groups[Number(name)] ?? '';
    // Of several of one name the first that took part.
    return groups.find((group, index) => group !== undefined && groupNames[index] === name) ?? '';
  });
}
