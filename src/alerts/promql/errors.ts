/** An expression that cannot be read or cannot be evaluated: one line that names the thing. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
  /** Offset into the expression's text, in UTF-16 units; null where the data is at fault. */
  readonly position: number | null;

  constructor(message: string, position: number | null = null) {
    super(message);
    this.position = position;
  }
}

/** What Prometheus would evaluate and gtop has not: the text is no mistake. */
export class UnbuiltError extends PromqlError {}
