/** The raw lines that are looked at: asked for while the view follows, left as they are while it is scrolled back. */
import { maskRawLines } from '../model/mask.ts';
import type { RawLine, RawLines } from '../model/recent-lines.ts';
import type { SnapshotFeed } from './feed.ts';
import { visibleLines } from './visible-lines.ts';

/** As many as the engine keeps. */
const LIMIT = 1000;

/** A line of the screen: an entry of several lines takes several. */
export interface ShownLine {
  readonly entry: RawLine;
  readonly text: string;
  readonly isFirst: boolean;
}

export interface ShownLines {
  readonly filter: string | null;
  /** More of the past is being looked through. */
  readonly reading: boolean;
  readonly entries: number;
  /** The oldest first; safe to draw. */
  readonly lines: readonly ShownLine[];
}

export interface LinesQuestion {
  readonly filter: string | null;
  readonly masked: boolean;
  /** Scrolled back: what is shown stays. */
  readonly isHeld: boolean;
}

export class RawLinesWatch {
  readonly #feed: Pick<SnapshotFeed, 'lines'>;
  readonly #onLines: () => void;
  readonly #onError: (error: unknown) => void;
  #raw: RawLines | null = null;
  #shown: ShownLines | null = null;
  #isMasked = false;
  /** What was asked last: an answer that comes later is shown that way. */
  #wantsMask = false;
  #isOpen = false;
  #isAsking = false;
  /** Asked for while an answer was on its way. */
  #next: LinesQuestion | null = null;

  constructor(feed: Pick<SnapshotFeed, 'lines'>, onLines: () => void, onError: (error: unknown) => void) {
    this.#feed = feed;
    this.#onLines = onLines;
    this.#onError = onError;
  }

  get shown(): ShownLines | null {
    return this.#shown;
  }

  /** Nobody looks any more. */
  close(): void {
    this.#raw = null;
    this.#shown = null;
    this.#next = null;
    this.#isOpen = false;
  }

  /** Asks again, unless what is shown is to stay and is what was asked for. */
  look(question: LinesQuestion): void {
    const { filter, masked, isHeld } = question;
    this.#isOpen = true;
    this.#wantsMask = masked;
    if (this.#raw !== null && masked !== this.#isMasked) this.#show(this.#raw, masked);
    const isSame = this.#raw !== null && this.#raw.filter === filter;
    if (isHeld && isSame) return;
    if (this.#isAsking) {
      this.#next = question;
      return;
    }
    this.#isAsking = true;
    this.#feed
      .lines({ filter, limit: LIMIT })
      .then((raw) => {
        if (!this.#isOpen) return;
        this.#show(raw, this.#wantsMask);
        this.#onLines();
      })
      .catch(this.#onError)
      .finally(() => {
        this.#isAsking = false;
        const next = this.#next;
        this.#next = null;
        if (next !== null) this.look(next);
      });
  }

  #show(raw: RawLines, masked: boolean): void {
    const visible = visibleLines(masked ? maskRawLines(raw) : raw);
    this.#raw = raw;
    this.#isMasked = masked;
    this.#shown = {
      filter: raw.filter,
      reading: raw.reading,
      entries: visible.lines.length,
      lines: visible.lines.flatMap((entry) =>
        entry.text.split('\n').map((text, index) => ({ entry, text, isFirst: index === 0 })),
      ),
    };
  }
}
