/** Grapheme clusters: what a person calls one character (UAX #29). */
import { known } from './plain-characters.ts';

const LINE_FEED = 0x0a;
const ESCAPE = 0x1b;

let exact: Intl.Segmenter | undefined;

/**
 * The clusters of a text, as `Intl.Segmenter` finds them. It is asked only where the text holds more than plain
 * characters, escapes and line feeds: the Unicode data that it loads take 15 ms, a twentieth of the program's start.
 */
export function graphemesOf(text: string): Intl.Segments {
  if (isPlain(text)) return new PlainSegments(text);
  exact ??= new globalThis.Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return exact.segment(text);
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (known[code] === 0 && code !== ESCAPE && code !== LINE_FEED) return false;
  }
  return true;
}

/** Each code unit is a cluster. */
class PlainSegments implements Intl.Segments {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  containing(at = 0): Intl.SegmentData | undefined {
    return at >= 0 && at < this.#text.length ? this.#at(at) : undefined;
  }

  *[Symbol.iterator](): Generator<Intl.SegmentData, undefined> {
    for (let at = 0; at < this.#text.length; at++) yield this.#at(at);
  }

  #at(index: number): Intl.SegmentData {
    return { segment: this.#text.charAt(index), index, input: this.#text };
  }
}

/** Stands for `Intl.Segmenter` in Ink's packages, which know no other granularity. */
export class GraphemeSegmenter {
  readonly segment = graphemesOf;
}
