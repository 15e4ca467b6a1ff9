/**
 * Which lines of a stream are an error log's: `2>&1`, a container's log and journald mix it with the access log, and
 * with whatever the application prints.
 */
import { entryHead } from '../error-log/index.ts';
import { SPACE } from './bytes.ts';

/** Enough of a line to tell an entry by. */
const HEAD_BYTES = 256;
const TAB = 0x09;

/** Lines at the left margin that begin a part of a traceback, whatever stood before them (Python's traceback module). */
const TRACEBACK_HEADS = [
  'Traceback (most recent call last):',
  'During handling of the above exception, another exception occurred:',
  'The above exception was the direct cause of the following exception:',
];
/** The last line of a traceback: `SystemExit: 1`, `app.errors.Boom`. */
const EXCEPTION = /^[A-Za-z_][\w.]*(?:: |$)/;

/**
 * Recognises entries and the lines that belong to them: the indented ones, and the exception at the end of a
 * traceback. An access line of another worker in between changes nothing.
 */
export class ForeignLines {
  /** What may go on: the text of an entry, or a traceback that has not come to its exception. */
  #open: 'nothing' | 'entry' | 'traceback' = 'nothing';

  /** Whether [start, end), which is no access line and not blank, belongs to the error log. */
  takes(bytes: Buffer, start: number, end: number): boolean {
    if (bytes[start] === SPACE || bytes[start] === TAB) return this.#open !== 'nothing';
    const head = bytes.toString('utf8', start, Math.min(end, start + HEAD_BYTES));
    if (entryHead(head) !== null) {
      this.#open = 'entry';
      return true;
    }
    if (TRACEBACK_HEADS.some((text) => head.startsWith(text))) {
      this.#open = 'traceback';
      return true;
    }
    const isException = this.#open === 'traceback' && EXCEPTION.test(head);
    this.#open = 'nothing';
    return isException;
  }
}
