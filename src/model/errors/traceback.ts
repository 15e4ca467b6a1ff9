/**
 * Python's tracebacks in a log's text (`traceback.py`, 3.8 to 3.14): plain ones, chains, exception groups, syntax
 * errors, and what is left of one that was cut.
 */
import { isApplicationFile } from './application-file.ts';

export interface Frame {
  readonly file: string;
  readonly line: number;
  /** Null for the place of a syntax error. */
  readonly function: string | null;
}

/** One exception that was printed; of a chain the last, which is the one that came out. */
export interface Raised {
  /** As it is printed: `ValueError`, `shop.payments.PaymentError`. */
  readonly type: string;
  /** The first line of its message; empty without one. */
  readonly message: string;
  /** The innermost frame of the application, else the innermost of all; null where none is certain. */
  readonly frame: Frame | null;
  /** The innermost frame of all. */
  readonly innermost: Frame | null;
  /** The line before the traceback, which often says what failed: `Exception on /x [GET]`. */
  readonly context: string | null;
  /** All of its lines, those of the chain before it too. */
  readonly text: string;
}

const HEADER = 'Traceback (most recent call last):';
const GROUP_HEADER = '  + Exception Group Traceback (most recent call last):';
/** What stands before every line of the outermost exception of a group. */
const GROUP_PREFIX = '  | ';
const GROUP_LINE = /^ +[|+]/;
const CHAIN_LINES = ['During handling of the above exception, another', 'The above exception was the direct cause of'];
/** multiprocessing and concurrent.futures print another process's traceback as the message of this, in quotes. */
const REMOTE = /RemoteTraceback:\s*$/;
const QUOTES = '"""';
/** `Type: message`, `Type:`, `Type`; a small letter begins no class of Python's own, and others have their module before them. */
const EXCEPTION = /^(?![a-z][^.:]*(?::|$))([\p{L}_][\p{L}\p{N}_.<>]{0,199})(?:(:)(?: (.*))?)?$/su;
/** `File "app.py", line 7, in view`, without a function where the file could not even be parsed. */
const FRAME = /^File "(.{1,1000})", line (\d{1,9})(?:, in (.*))?$/s;
/** A line is read this far. */
const MOST_LINE_CHARACTERS = 2000;

/** A traceback whose exception has not come yet. */
interface Block {
  readonly from: number;
  readonly context: string | null;
  /** Where the lines of its frames begin, `File` itself. */
  readonly frames: number[];
  readonly isGroup: boolean;
  /** Another traceback began before its first frame: lines of two processes, whose frames none can tell apart. */
  readonly isMixed: boolean;
}

type Draft = { -readonly [K in keyof Omit<Raised, 'text'>]: Raised[K] } & { readonly from: number; to: number };

/**
 * Every traceback of a text that came to its exception, in order. One without its head, at the beginning of the text,
 * counts: its innermost frames are there; one without its exception does not.
 *
 * Linear in the text; lines are cut off, not copied, and frames are parsed from the innermost outwards only as far as
 * needed: 2 µs for a traceback of ten lines.
 */
export function tracebacksIn(text: string): Raised[] {
  if (!text.includes('File "') && !text.includes(HEADER)) return [];
  const scan = new Scan(text);
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    if (end > start) scan.line(start, end);
    start = end + 1;
  }
  return scan.found.map(({ from, to, ...raised }) => ({ ...raised, text: text.slice(from, to) }));
}

class Scan {
  readonly found: Draft[] = [];
  readonly #text: string;
  #block: Block | null = null;
  /** The line before, when it was no part of a traceback. */
  #context: string | null = null;
  #isBeginning = true;
  /** The next traceback goes on with the last exception found. */
  #isChained = false;
  /** What follows is another process's traceback: the exception that it caused here counts. */
  #remote: 'no' | 'named' | 'quoted' | 'over' = 'no';
  /** The rest of an exception group: what it holds. */
  #isInGroup = false;
  /** The exception printed last had a colon and nothing behind it. */
  #lacksMessage = false;

  constructor(text: string) {
    this.#text = text;
  }

  line(start: number, end: number): void {
    if (this.#block === null) this.#outside(start, end);
    else this.#inside(this.#block, start, end);
  }

  #inside(block: Block, start: number, end: number): void {
    const isOfGroup = block.isGroup && this.#text.startsWith(GROUP_PREFIX, start);
    const at = isOfGroup ? start + GROUP_PREFIX.length : start;
    const first = firstCharacter(this.#text, at, end);
    if (first > at) {
      if (this.#text.startsWith('File "', first)) block.frames.push(first);
      return;
    }
    this.#block = null;
    if (this.#text.startsWith(HEADER, at)) {
      this.#begin(block.from, block.context, false, block.isMixed || block.frames.length === 0);
      return;
    }
    const match = EXCEPTION.exec(this.#text.slice(at, Math.min(end, at + MOST_LINE_CHARACTERS)));
    if (match) this.#raise(block, match, end);
    else this.#outside(start, end);
  }

  #outside(start: number, end: number): void {
    const text = this.#text;
    if (this.#isInGroup && GROUP_LINE.test(text.slice(start, Math.min(end, start + 200)))) {
      this.#reach(end);
      return;
    }
    this.#isInGroup = false;
    if (text.startsWith(QUOTES, start) && (this.#remote === 'named' || this.#remote === 'quoted')) {
      this.#remote = this.#remote === 'named' ? 'quoted' : 'over';
      return;
    }
    if (this.#remote === 'quoted') return;
    const isGroup = text.startsWith(GROUP_HEADER, start);
    if (isGroup || text.startsWith(HEADER, start)) {
      this.#begin(start, this.#context, isGroup, false);
    } else if (CHAIN_LINES.some((words) => text.startsWith(words, start))) {
      this.#isChained = this.found.length > 0 && this.#remote !== 'over';
      this.#lacksMessage = false;
    } else if (this.#isBeginning && isIndented(text, start)) {
      const first = firstCharacter(text, start, end);
      if (!text.startsWith('File "', first)) return;
      this.#begin(start, null, false, false);
      this.#block?.frames.push(first);
    } else {
      this.#plain(start, end);
    }
    this.#isBeginning = false;
  }

  /** A line of text: it may be the message that an exception's own line lacks. */
  #plain(start: number, end: number): void {
    const line = this.#text.slice(start, Math.min(end, start + MOST_LINE_CHARACTERS));
    const last = this.found.at(-1);
    if (this.#lacksMessage && last !== undefined) {
      last.message = line.trim();
      this.#reach(end);
    }
    this.#lacksMessage = false;
    this.#isChained = false;
    this.#remote = REMOTE.test(line) ? 'named' : 'no';
    if (this.#remote === 'no') this.#context = line;
  }

  #begin(from: number, context: string | null, isGroup: boolean, isMixed: boolean): void {
    this.#block = { from, context, frames: [], isGroup, isMixed };
    this.#context = null;
    this.#lacksMessage = false;
    this.#remote = 'no';
  }

  #raise(block: Block, [, type, colon, message]: RegExpExecArray, to: number): void {
    const chain = this.#isChained ? this.found.pop() : undefined;
    const { from, context } = chain ?? block;
    const frames = block.isMixed ? { frame: null, innermost: null } : this.#frames(block.frames);
    this.found.push({ type, message: message ?? '', context, from, to, ...frames });
    this.#isChained = false;
    this.#isInGroup = block.isGroup;
    this.#lacksMessage = colon !== undefined && (message ?? '') === '';
  }

  /** The last exception's text goes on to here. */
  #reach(end: number): void {
    const last = this.found.at(-1);
    if (last !== undefined) last.to = end;
  }

  #frames(starts: readonly number[]): Pick<Raised, 'frame' | 'innermost'> {
    let innermost: Frame | null = null;
    for (let index = starts.length - 1; index >= 0; index--) {
      const frame = this.#frame(starts[index] ?? 0);
      if (frame === null) continue;
      if (isApplicationFile(frame.file)) return { frame, innermost: innermost ?? frame };
      innermost ??= frame;
    }
    return { frame: innermost, innermost };
  }

  #frame(start: number): Frame | null {
    const newline = this.#text.indexOf('\n', start);
    const end = newline === -1 ? this.#text.length : newline;
    const match = FRAME.exec(this.#text.slice(start, Math.min(end, start + MOST_LINE_CHARACTERS)));
    return match && { file: match[1], line: Number(match[2]), function: match[3] ?? null };
  }
}

const SPACE = 0x20;
const TAB = 0x09;
/** loguru marks the frame that caught the exception. */
const MARK = 0x3e;

function isIndented(text: string, start: number): boolean {
  const code = text.charCodeAt(start);
  return code === SPACE || code === TAB;
}

function firstCharacter(text: string, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== TAB && code !== MARK) break;
  }
  return at;
}

/** The last two parts of a path: `/srv/releases/42/app/views.py` and the next release's are the same file. */
const shortPath = (file: string): string => file.split(/[/\\]/).slice(-2).join('/');

/** `app/views.py:88`. */
export const sayPlace = ({ file, line }: Frame): string => `${shortPath(file)}:${line}`;

/** `app/views.py:88 in report`. */
export const sayFrame = (frame: Frame): string =>
  frame.function === null ? sayPlace(frame) : `${sayPlace(frame)} in ${frame.function}`;
