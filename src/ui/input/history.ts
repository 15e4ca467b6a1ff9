import type { PromptKind } from './prompt.ts';

const MOST_LINES = 50;

/** What was typed before, the newest first, by what it was typed for; for as long as the program runs. */
export class History {
  readonly lines: Record<PromptKind, readonly string[]>;

  /** @param first a line that was given otherwise, such as the filter of the command line. */
  constructor({ filter }: { readonly filter: string | null }) {
    this.lines = { filter: filter === null ? [] : [filter], command: [] };
  }

  add(kind: PromptKind, text: string): void {
    this.lines[kind] = [text, ...this.lines[kind].filter((each) => each !== text)].slice(0, MOST_LINES);
  }
}
