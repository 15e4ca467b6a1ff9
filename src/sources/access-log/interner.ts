/** Text from bytes, the same string for the same bytes, so that what repeats in a log costs no memory. */

const TABLE_SIZE = 1 << 15;
/** Longer values rarely repeat. */
const LONGEST = 256;

interface Known {
  readonly bytes: Buffer;
  readonly text: string;
}

/**
 * Repairs text that was decoded as Latin-1 and written as UTF-8, as Gunicorn does with the bytes of headers and URIs
 * (WSGI hands them over as Latin-1): `cafÃ©` becomes `café`. Text that does not fit that story stays as it is.
 */
export function repairMojibake(text: string): string {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0xff) return text;
  const repaired = Buffer.from(text, 'latin1').toString('utf8');
  return repaired.includes('\ufffd') ? text : repaired;
}

/** Decodes UTF-8 with U+FFFD for what is not, and repairs double encoding. The string keeps no buffer alive. */
export function decode(bytes: Buffer, start: number, end: number): string {
  for (let index = start; index < end; index++) {
    if (bytes[index] >= 0x80) return repairMojibake(bytes.toString('utf8', start, end));
  }
  return bytes.toString('latin1', start, end);
}

export class Interner {
  readonly #table = new Array<Known | undefined>(TABLE_SIZE).fill(undefined);

  /** The text of bytes [start, end). Bounded: a value pushes out another one of the same hash. */
  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return decode(bytes, start, end);
    // FNV-1a.
    let hash = 0x811c9dc5;
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index], 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1);
    const known = this.#table[place];
    if (known !== undefined && known.bytes.length === length && isSame(known.bytes, bytes, start)) return known.text;
    const text = decode(bytes, start, end);
    this.#table[place] = { bytes: Buffer.from(bytes.subarray(start, end)), text };
    return text;
  }
}

function isSame(known: Buffer, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < known.length; index++) if (known[index] !== bytes[start + index]) return false;
  return true;
}
