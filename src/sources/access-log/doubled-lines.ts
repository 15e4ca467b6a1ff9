/**
 * Lines that come twice: a logging configuration whose loggers propagate (`logconfig_dict` and its kin do by default,
 * `gunicorn/glogging.py`, CONFIG_DEFAULTS) writes each access line bare and once more behind a prefix.
 */
export class DoubledLines {
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #wasPrefixed = false;
  #count = 0;

  /** Lines that were a repeat so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * Whether a line repeats the one before: the same bytes, one of the two prefixed.
   * @param start of the line behind its prefix.
   */
  isRepeat(bytes: Buffer, start: number, end: number, isPrefixed: boolean): boolean {
    const isSame =
      isPrefixed !== this.#wasPrefixed &&
      end - start === this.#end - this.#start &&
      this.#bytes.compare(bytes, start, end, this.#start, this.#end) === 0;
    this.#bytes = bytes;
    this.#start = start;
    // A line stands for one repeat, not for a chain of them.
    this.#end = isSame ? start : end;
    this.#wasPrefixed = isPrefixed;
    if (isSame) this.#count++;
    return isSame;
  }

  /** The bytes are about to be overwritten: keeps what the next line is compared with. */
  keep(): void {
    this.#bytes = Buffer.from(this.#bytes.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
  }
}
