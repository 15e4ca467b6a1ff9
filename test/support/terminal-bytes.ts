/** What a program may write to a terminal: visible characters and the few sequences that a screen is made of. */

/** Cursor moves, erasing to the end of line or screen, looks; the modes that are switched on and off. */
const ALLOWED = /^\x1b\[(?:[\d;]*[HCKm]|[02]?J|\?(?:2026|25|7|1049|2004|100[0236])[hl])/;
/** Acted upon or never seen: controls, C1, bidi and other format characters, tags, lone surrogates, noncharacters. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

/**
 * Everything in a stream of bytes that a terminal should never get, each with what stands around it; empty when all is
 * well. Bytes that are not UTF-8 are forbidden, too: a terminal may take them for C1 controls.
 */
export function forbiddenIn(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8');
  const found: string[] = [];
  if (!Buffer.from(text, 'utf8').equals(bytes)) found.push('bytes that are not UTF-8');
  for (let i = 0; i < text.length; ) {
    if (text[i] === '\x1b') {
      const sequence = ALLOWED.exec(text.slice(i, i + 80))?.[0];
      if (sequence === undefined) found.push(JSON.stringify(text.slice(Math.max(0, i - 20), i + 40)));
      i += sequence?.length ?? 1;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(i) ?? 0);
    if (HIDDEN.test(character)) found.push(JSON.stringify(text.slice(Math.max(0, i - 20), i + 40)));
    i += character.length;
  }
  return found;
}
