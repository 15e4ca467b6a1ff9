/** Errors: what the tracebacks of the logs say, folded; the first of a kind is an event. */
import type { EventDraft } from '../events.ts';
import type { AppEntry, ErrorEntry } from '../facts.ts';
import { ownCopy } from '../own-copy.ts';
import type { ErrorGroup, ErrorTotals } from '../snapshot.ts';
import { isApplicationFile } from './application-file.ts';
import { ErrorGroups, type ErrorSource, sampleOf, shortMessage } from './error-groups.ts';
import { type FailedRequest, requestIn, requestOfFields } from './failed-request.ts';
import { type Raised, sayFrame, sayPlace, tracebacksIn } from './traceback.ts';

/** Rows of a Snapshot. */
const MOST_ROWS = 50;
/** A service that breaks in a hundred ways at once would push everything else out of the list of events. */
const MOST_NEW_PER_MINUTE = 10;
const MOST_EVENT_CHARACTERS = 200;

/** Entries whose own event tells of the exception: workers and masters that fail. */
const TOLD = new Set(['worker-exception', 'master-exception']);

export interface ErrorsOptions {
  readonly route: (path: string) => string;
  readonly onEvent: (draft: EventDraft) => void;
}

export class Errors {
  readonly #options: ErrorsOptions;
  readonly #groups = new ErrorGroups();
  #rows: readonly ErrorGroup[] | null = null;
  /** A log without times goes by the entry before. */
  #lastMs = Number.NaN;
  #minute = Number.NaN;
  #newInMinute = 0;

  constructor(options: ErrorsOptions) {
    this.#options = options;
  }

  /** One entry of an error log. `arrivalMs` stands in for a time that it lacks; NaN for history. */
  addError(entry: ErrorEntry, arrivalMs: number): void {
    const { event } = entry;
    const isTold = event !== null && TOLD.has(event.kind);
    this.#add(entry, 'error', arrivalMs, isTold);
  }

  /** One entry of an application's own log. */
  addApp(entry: AppEntry, arrivalMs: number): void {
    this.#add(entry, 'app', arrivalMs, false);
  }

  /** The most frequent groups; the same array until an exception is read. */
  rows(): readonly ErrorGroup[] {
    this.#rows ??= this.#groups.rows(MOST_ROWS);
    return this.#rows;
  }

  /** Exceptions so far. */
  get count(): number {
    return this.#groups.count;
  }

  totals(): ErrorTotals {
    const groups = this.#groups.seen;
    return { count: this.#groups.count, groups, groupsNotShown: groups - this.rows().length };
  }

  #add(entry: ErrorEntry | AppEntry, source: ErrorSource, arrivalMs: number, isTold: boolean): void {
    const atMs = [entry.atMs, arrivalMs, this.#lastMs].find((time) => !Number.isNaN(time)) ?? Number.NaN;
    if (!Number.isNaN(atMs)) this.#lastMs = atMs;
    for (const raised of tracebacksIn(textOf(entry))) {
      const request = requestIn(raised.context) ?? requestOfFields(entry.fields);
      const path = request === null ? null : this.#options.route(ownCopy(request.path));
      this.#rows = null;
      const isNew = this.#groups.add(raised, source, atMs, path);
      if (isNew && !isTold && !isAbort(raised) && !Number.isNaN(atMs)) this.#tell(raised, atMs, request);
    }
  }

  #tell(raised: Raised, atMs: number, request: FailedRequest | null): void {
    const minute = Math.floor(atMs / 60_000);
    if (minute !== this.#minute) this.#newInMinute = 0;
    this.#minute = minute;
    this.#newInMinute += 1;
    if (this.#newInMinute > MOST_NEW_PER_MINUTE + 1) return;
    const isOneTooMany = this.#newInMinute > MOST_NEW_PER_MINUTE;
    this.#options.onEvent({
      atMs,
      kind: 'error-new',
      level: 'warning',
      ...(isOneTooMany
        ? { text: `more than ${MOST_NEW_PER_MINUTE} new errors within a minute` }
        : { text: ownCopy(`new error: ${say(raised)}`), ...request, details: sampleOf(raised.text) }),
    });
  }
}

/** The request whose traceback an entry holds, for whoever chooses among entries; null where it names none. */
export function requestOf({ message, traceback, fields }: ErrorEntry | AppEntry): FailedRequest | null {
  return traceback === null ? null : (requestIn(message) ?? requestOfFields(fields));
}

/** An entry's lines in order: the traceback may begin with its first one. */
function textOf({ message, traceback }: ErrorEntry | AppEntry): string {
  if (traceback === null) return '';
  return message === null ? traceback : `${message}\n${traceback}`;
}

/** `ValueError: boom (app/views.py:88 in report)`. */
function say({ type, message, frame }: Raised): string {
  const text = shortMessage(message === '' ? type : `${type}: ${message}`);
  const short = text.length > MOST_EVENT_CHARACTERS ? `${text.slice(0, MOST_EVENT_CHARACTERS - 1)}…` : text;
  return frame === null ? short : `${short} (${sayFrame(frame)})`;
}

/** On SIGABRT, after a timeout, a worker raises SystemExit wherever it stands (`gunicorn/workers/base.py`, handle_abort). */
const isAbort = ({ type, innermost }: Raised): boolean =>
  type === 'SystemExit' && innermost?.function === 'handle_abort';

/** `Type: message` of the last exception of a text; its last line where it holds no whole traceback. */
export function exceptionIn(text: string | null): string {
  const raised = text === null ? undefined : tracebacksIn(text).at(-1);
  if (raised === undefined) return text?.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return raised.message === '' ? raised.type : `${raised.type}: ${raised.message}`;
}

/** Where the application stood in the last traceback of a text: `app/views.py:88`; null where that is not known. */
export function placeIn(text: string): string | null {
  const frame = tracebacksIn(text).at(-1)?.frame ?? null;
  return frame !== null && isApplicationFile(frame.file) ? ownCopy(sayPlace(frame)) : null;
}
