/** Error logs: bytes of whole lines in, entries with what follows them out. */
import type { ErrorEntry } from '../../model/facts.ts';
import { EntryReader, type Head, jsonHead, PlainLines, type ReadingOptions } from '../entries/index.ts';
import { entryHead } from './entries.ts';
import { lifecycleEvent } from './lifecycle.ts';

export { entryHead } from './entries.ts';
export { readIdentities } from './identities.ts';

export interface ErrorLogOptions extends ReadingOptions {
  onEntry(entry: ErrorEntry): void;
}

/**
 * Gunicorn's own lines and those that land beside them: Flask's, uvicorn's, another format of `logging` or JSON
 * (`--logger-class`, `logconfig`). What follows without a head belongs to the entry before it: its traceback, or text
 * of the application on standard error.
 */
export class ErrorLogParser extends EntryReader<Head> {
  constructor(options: ErrorLogOptions) {
    const plain = new PlainLines();
    let lastExitCode = '';
    super(
      {
        head: (line) => ownHead(line) ?? jsonHead(line) ?? certain(line, plain.head(line)),
        bare: (message) => ({ ...UNKNOWN, message }),
        give(head, folded, raw) {
          const { message, event, pid } = readMessage(head.message ?? '');
          // 21.0 – 23.0 log every exit code twice, the second time with a full stop.
          const isRepeat = event?.kind === 'worker-exit-code' && message === `${lastExitCode}.`;
          if (event?.kind === 'worker-exit-code') lastExitCode = message;
          options.onEntry(entryOf({ ...head, message }, pid, isRepeat ? null : event, folded, raw));
        },
      },
      options,
    );
  }
}

const UNKNOWN = { atMs: Number.NaN, level: null, logger: null, fields: null, traceback: null, mayGoOn: true } as const;

function ownHead(line: string): Head | null {
  const head = entryHead(line);
  if (head === null) return null;
  const { pid, ...rest } = head;
  return { ...UNKNOWN, ...rest, fields: pid === null ? null : { pid } };
}

/** `INFO:gunicorn.error:message`, what logging.basicConfig sets up. */
const BASIC = /^[A-Z]{4,9}:[\w.]{1,100}:/;

/** A word that could be a level may begin any text: a time must be there as well, or a logger's name set off by colons. */
const certain = (line: string, head: Head | null): Head | null =>
  head !== null && head.level !== null && (!Number.isNaN(head.atMs) || BASIC.test(line)) ? head : null;

/** `%(module)s %(process)d %(thread)d` in front of the message: the verbose format of Django's manual, or a part of it. */
const NUMBERED = /^(?:[A-Za-z_][\w.]{0,60} )?\[?(\d{1,10})\]?(?: \d{1,20})?[ :-]{1,3}(?=\D)/;

/** The message of a life-cycle line without the numbers of its process and thread, which are no part of any other. */
function readMessage(message: string): Pick<ErrorEntry, 'message' | 'event' | 'pid'> {
  const event = lifecycleEvent(message);
  const numbers = event === null ? NUMBERED.exec(message) : null;
  if (numbers === null) return { message, event, pid: null };
  const rest = message.slice(numbers[0].length);
  const told = lifecycleEvent(rest);
  return told === null ? { message, event, pid: null } : { message: rest, event: told, pid: Number(numbers[1]) };
}

/** What JSON formatters call the process. */
const PID_KEYS = ['pid', 'process', 'process_id', 'process.pid'];

function entryOf(
  head: Head,
  written: number | null,
  event: ErrorEntry['event'],
  folded: string | null,
  raw: string | null,
): ErrorEntry {
  const { atMs, level, logger } = head;
  const fields: Record<string, unknown> = { ...head.fields };
  const pidKey = PID_KEYS.find((key) => Number.isInteger(fields[key]));
  const pid = pidKey === undefined ? written : Number(fields[pidKey]);
  if (pidKey !== undefined) delete fields[pidKey];
  return {
    atMs,
    pid,
    level,
    message: head.message ?? '',
    event,
    traceback: folded ?? head.traceback,
    ...(logger === null ? null : { logger }),
    ...(Object.keys(fields).length === 0 ? null : { fields }),
    ...(raw === null ? null : { raw }),
  };
}
