/** The time stamp of `%(t)s`: `[21/Nov/2026:02:04:27 +0000]`, always 28 bytes (`gunicorn/glogging.py`, now()). */

export const STAMP_LENGTH = 28;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `d` a digit, `a` a letter, `s` a sign; the rest stands for itself. */
const SHAPE = Buffer.from('[dd/aaa/dddd:dd:dd:dd sdddd]');
const [DIGIT, LETTER, SIGN] = Buffer.from('das');

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** Whether a time stamp in brackets stands at `start`. */
export function isStampAt(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < STAMP_LENGTH) return false;
  for (let index = 0; index < STAMP_LENGTH; index++) {
    const byte = bytes[start + index];
    const shape = SHAPE[index];
    if (shape === DIGIT) {
      if (byte < 0x30 || byte > 0x39) return false;
    } else if (shape === LETTER) {
      if (!isLetter(byte)) return false;
    } else if (shape === SIGN) {
      if (byte !== 0x2b && byte !== 0x2d) return false;
    } else if (byte !== shape) return false;
  }
  return true;
}

/** Reads time stamps; lines of the same second cost a comparison of 26 bytes. */
export class StampReader {
  readonly #last = Buffer.alloc(STAMP_LENGTH);
  #lastMs = Number.NaN;

  /** Epoch milliseconds of the stamp at `start`; NaN when none stands there or its month is none. */
  read(bytes: Buffer, start: number, end: number): number {
    if (end - start >= STAMP_LENGTH && this.#isLast(bytes, start)) return this.#lastMs;
    if (!isStampAt(bytes, start, end)) return Number.NaN;
    const text = bytes.toString('latin1', start + 1, start + STAMP_LENGTH - 1);
    const month = MONTHS.indexOf(text.slice(3, 6));
    const part = (from: number, to: number) => Number(text.slice(from, to));
    const offsetMinutes = (part(22, 24) * 60 + part(24, 26)) * (text[21] === '-' ? -1 : 1);
    const utc = Date.UTC(part(7, 11), month, part(0, 2), part(12, 14), part(15, 17), part(18, 20));
    if (month === -1) return Number.NaN;
    bytes.copy(this.#last, 0, start, start + STAMP_LENGTH);
    this.#lastMs = utc - offsetMinutes * 60_000;
    return this.#lastMs;
  }

  #isLast(bytes: Buffer, start: number): boolean {
    // From the seconds backwards: that is where lines differ.
    for (let index = STAMP_LENGTH - 1; index >= 0; index--) {
      if (bytes[start + index] !== this.#last[index]) return false;
    }
    return true;
  }
}
