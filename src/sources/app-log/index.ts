/** An application's own log: bytes of whole lines in, entries with their tracebacks out. */
import type { AppEntry } from '../../model/facts.ts';
import { EntryReader, type Head, jsonHead, PlainLines, type ReadingOptions } from '../entries/index.ts';

export interface AppLogOptions extends ReadingOptions {
  onEntry(entry: AppEntry): void;
}

/**
 * JSON lines (python-json-logger, structlog) and the usual plain formats of `logging`, told apart line by line. A
 * traceback, or whatever else follows without a head of its own, belongs to the entry before it. Text without any
 * format stands line by line for itself.
 */
export class AppLogParser extends EntryReader<Head> {
  constructor(options: AppLogOptions) {
    const plain = new PlainLines();
    super(
      {
        head: (line) => jsonHead(line) ?? plain.head(line),
        bare,
        give: (head, folded, raw) => options.onEntry(entryOf(head, folded, raw)),
      },
      options,
    );
  }
}

const bare = (message: string): Head => ({
  atMs: Number.NaN,
  level: null,
  logger: null,
  message,
  fields: null,
  traceback: null,
  mayGoOn: false,
});

function entryOf({ mayGoOn: _, ...head }: Head, folded: string | null, raw: string | null): AppEntry {
  return {
    ...head,
    fields: folded === null ? head.fields : { ...head.fields, traceback: folded },
    traceback: folded ?? head.traceback,
    ...(raw === null ? null : { raw }),
  };
}
