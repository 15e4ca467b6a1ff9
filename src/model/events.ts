/** What happened: a bounded list of sentences, newest first. */
import type { EventRow, Level } from './snapshot.ts';

/** An event as it is reported; what is not named is null. */
export interface EventDraft {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Stable name, for example `worker-timeout`. */
  readonly kind: string;
  readonly level: Level;
  /** One sentence, as the log has it: sinks make hostile characters visible. */
  readonly text: string;
  readonly worker?: number | null;
  readonly method?: string | null;
  readonly path?: string | null;
  readonly details?: string | null;
}

/** An event in the list, to be amended when more is known. */
export interface LoggedEvent {
  readonly atMs: number;
  row: EventRow;
  /** Said behind its text, whatever that becomes. */
  note?: string;
}

/** Events kept. */
export const MAX_EVENTS = 1000;

/** Bounded to the newest thousand by time; of one moment, the one reported last is the newest. */
export class EventLog {
  /** Oldest first. */
  readonly #events: LoggedEvent[] = [];
  readonly #folds = new Map<string, { readonly event: LoggedEvent; count: number }>();
  #rows: readonly EventRow[] | null = null;

  add(draft: EventDraft): LoggedEvent {
    const event: LoggedEvent = { atMs: draft.atMs, row: rowOf(draft) };
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.atMs ?? 0) > event.atMs) place -= 1;
    this.#events.splice(place, 0, event);
    if (this.#events.length > MAX_EVENTS) this.#events.shift();
    this.#rows = null;
    return event;
  }

  /** Changes what an event says; one that was dropped meanwhile stays dropped. */
  amend(event: LoggedEvent, changes: Partial<Omit<EventRow, 'at' | 'kind'>>): void {
    event.row = { ...event.row, ...changes };
    this.#rows = null;
  }

  /** Says something behind the newest event of this moment and one of these kinds; what was said there before goes. */
  annotate(atMs: number, kinds: readonly string[], note: string): void {
    const event = this.#events.findLast((each) => each.atMs === atMs && kinds.includes(each.row.kind));
    if (!event || event.note === note) return;
    event.note = note;
    this.#rows = null;
  }

  /**
   * Adds an event, or counts it into the one of the same key that is at most `spanSeconds` older: a worker that cannot
   * start does so ten times a second, and would push everything else out of the list.
   */
  fold(key: string, spanSeconds: number, draft: EventDraft, textOfMany: (count: number) => string): void {
    const fold = this.#folds.get(key);
    if (!fold || draft.atMs - fold.event.atMs > spanSeconds * 1000 || draft.atMs < fold.event.atMs) {
      this.#folds.delete(key);
      this.#folds.set(key, { event: this.add(draft), count: 1 });
      if (this.#folds.size > MAX_EVENTS) this.#folds.delete(this.#folds.keys().next().value ?? '');
      return;
    }
    fold.count += 1;
    const { level, details = null } = draft;
    this.amend(fold.event, { level, details, worker: null, text: textOfMany(fold.count) });
  }

  /** Newest first. The same array until something happens. */
  rows(): readonly EventRow[] {
    this.#rows ??= this.#events.map(shown).reverse();
    return this.#rows;
  }
}

const shown = ({ row, note }: LoggedEvent): EventRow => (note ? { ...row, text: `${row.text} · ${note}` } : row);

const rowOf = (draft: EventDraft): EventRow => ({
  at: new Date(draft.atMs).toISOString(),
  kind: draft.kind,
  level: draft.level,
  worker: draft.worker ?? null,
  method: draft.method ?? null,
  path: draft.path ?? null,
  text: draft.text,
  details: draft.details ?? null,
});
