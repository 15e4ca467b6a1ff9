/** Colours that a program writes because its output is a terminal: `docker run -t`, `docker compose logs`, `script`. */

export const ESCAPE = 0x1b;
/** Select graphic rendition, of ECMA-48: `ESC [ 1 ; 32 m`. */
const COLOUR = /\x1b\[[\d;]{0,20}m/g;

/** The bytes without colours; null when there are none. */
export function withoutColours(bytes: Buffer, start: number, end: number): Buffer | null {
  if (!bytes.subarray(start, end).includes(ESCAPE)) return null;
  const text = bytes.toString('latin1', start, end);
  const plain = text.replace(COLOUR, '');
  return plain.length === text.length ? null : Buffer.from(plain, 'latin1');
}
