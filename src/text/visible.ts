/** Anything but printable ASCII needs a closer look. */
const SUSPICIOUS = /[^\x20-\x7e]/;

/**
 * Combining marks. The two variation selectors that choose between text and emoji count as marks, for ordinary text
 * has them; other marks that never show do not.
 */
const MARK = /[\ufe0e\ufe0f]|(?!\p{Default_Ignorable_Code_Point})\p{M}/u;

/**
 * What a terminal, a browser or a spreadsheet acts on or hides: control characters (C0, DEL, C1), format characters
 * (bidi overrides and isolates, zero-width joiners and spaces, soft hyphen, tags), fillers, line and paragraph
 * separators, lone surrogates, noncharacters.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

/** Combining marks kept on one character; more only serve to smear over the neighbouring lines. */
const MARKS_KEPT = 2;

const UNKNOWN = 0;
const ORDINARY = 1;
const MARKING = 2;
const HIDING = 3;

/** By code unit, filled in as characters turn up: asking an expression each time is ten times slower. */
const kinds = new Uint8Array(0x10000);
const escapes = new Map<number, string>();

function kindOf(code: number): number {
  const remembered = kinds[code] ?? UNKNOWN;
  if (remembered !== UNKNOWN) return remembered;
  const character = String.fromCodePoint(code);
  const kind = MARK.test(character) ? MARKING : HIDDEN.test(character) ? HIDING : ORDINARY;
  if (code < kinds.length) kinds[code] = kind;
  return kind;
}

/**
 * Makes text safe to show: what would be acted on or stay unseen is written as an escape (`\x1b`, `\u202e`,
 * `\u{e0041}`), everything else stays. At most two combining marks in a row are kept, and none that has no character
 * to stand on (it would land on whatever is drawn to the left).
 *
 * Every sink that a person or a terminal reads passes its foreign text through here; JSON does not (it escapes by
 * itself and stays lossless). Text that needs no change is returned as it is, the same reference. Linear in the
 * length: 64 KiB of anything take 3 ms. A newline is a control character: split lines first.
 */
export function visible(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  let shown = '';
  /** Where the text begins that is not in `shown` yet. */
  let from = 0;
  /** Marks that the character before may still carry. */
  let marksLeft = 0;
  for (let i = 0; i < text.length; ) {
    // `i` is inside the text.
    const code = text.codePointAt(i) ?? 0;
    const next = i + (code > 0xffff ? 2 : 1);
    const kind = kindOf(code);
    if (kind === ORDINARY) marksLeft = MARKS_KEPT;
    else if (kind === MARKING && marksLeft > 0) marksLeft--;
    else {
      shown += text.slice(from, i) + escaped(code);
      from = next;
      marksLeft = 0;
    }
    i = next;
  }
  return from === 0 ? text : shown + text.slice(from);
}

function escaped(code: number): string {
  const remembered = escapes.get(code);
  if (remembered !== undefined) return remembered;
  const digits = code.toString(16);
  if (code > 0xffff) return `\\u{${digits}}`;
  const written = code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
  escapes.set(code, written);
  return written;
}
