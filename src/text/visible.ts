/** Any character that needs a closer look; the others of a line pass in one sweep. */
const SUSPICIOUS = /[^\x20-\x7e]/;

/**
 * Combining marks in a row (first group), or one character that a terminal, a browser or a spreadsheet acts on or
 * hides: control characters (C0, DEL, C1), format characters (bidi overrides and isolates, zero-width joiners and
 * spaces, soft hyphen, tags), fillers, line and paragraph separators, lone surrogates, noncharacters. The two variation
 * selectors that choose between text and emoji count as marks: ordinary text has them.
 */
const HIDDEN =
  /((?:[\ufe0e\ufe0f]|(?!\p{Default_Ignorable_Code_Point})\p{M})+)|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Combining marks kept on one character; more only serve to smear over the neighbouring lines. */
const MARKS_KEPT = 2;

/**
 * Makes text safe to show: what would be acted on or stay unseen is written as an escape (`\x1b`, `\u202e`,
 * `\u{e0041}`), everything else stays. At most two combining marks in a row are kept, and none that has no character
 * to stand on (it would land on whatever is drawn to the left).
 *
 * Every sink that a person or a terminal reads passes its foreign text through here; JSON does not (it escapes by
 * itself and stays lossless). Text that needs no change is returned as it is, the same reference. Linear in the
 * length. A newline is a control character: split lines first.
 */
export function visible(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  // The end of the last escape: a mark right behind it has lost its base.
  let escapedTo = 0;
  return text.replace(HIDDEN, (found: string, group: string | undefined, at: number) => {
    if (group === undefined) {
      escapedTo = at + found.length;
      return escaped(found);
    }
    const marks = [...group];
    const kept = at === escapedTo ? 0 : MARKS_KEPT;
    return marks.slice(0, kept).join('') + marks.slice(kept).map(escaped).join('');
  });
}

function escaped(character: string): string {
  // The expression matches at least one code unit.
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}
