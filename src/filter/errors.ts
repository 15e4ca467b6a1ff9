/** What is wrong with a filter, and where. */
export class FilterError extends Error {
  /** Characters before the place; -1 where there is none to point at. */
  readonly offset: number;

  /** @param message one sentence without the place. */
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }

  /** `column 8: 'abc' is no number: write 500 or 5xx`. */
  get sentence(): string {
    return this.offset < 0 ? this.message : `column ${this.offset + 1}: ${this.message}`;
  }
}
