/** Telling files by their first bytes. */

/** Whether the shorter of two beginnings is that of the longer one; an empty one tells nothing. */
export function startsAlike(a: Buffer, b: Buffer): boolean {
  const length = Math.min(a.length, b.length);
  return length > 0 && a.subarray(0, length).equals(b.subarray(0, length));
}
