/**
 * Lines of `logging`'s formatters, as tutorials and frameworks set them up. Time, level and logger are told by their
 * form, in whatever order and with whatever brackets and dashes between them; what follows is the message.
 */
import { type Head, knownLevel } from './head.ts';
import { identifiersIn } from './identifiers.ts';
import { parseTime } from './time.ts';

const TIME = /^\[?(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?: ?(?:Z|[+-]\d\d:?\d\d))?)\]?/;
/** In brackets (structlog pads it: `[info     ]`) or bare; a colon behind it is basicConfig's. */
const LEVEL = /^(?:\[([A-Za-z]{4,9}) {0,6}\]|([A-Z]{4,9}))(?=[\s:|\]-]|$)/;
const PID = /^\[(\d{1,10})\]/;
/** A request's id, as middlewares put it in front: a UUID, or one without its dashes. */
const REQUEST_ID = /^\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\]/i;
/** A logger that shows itself as one: dotted, in brackets, or set off by a colon or a dash. */
const LOGGER = /^(?:\[([A-Za-z_][\w.-]{0,100})\]|([A-Za-z_][\w.]{0,100})(?=:| - | \| ))/;
/** A name in a format without any mark: `%(levelname)s %(name)s %(message)s`. */
const BARE_NAME = /^([A-Za-z_]\w{0,60}(?:\.\w{1,60}){0,10}) /;
/** loguru: `app.views:index:12 - message`. */
const LOGURU = /^([A-Za-z_][\w.]{0,100}):([\w<>.]{1,100}):(\d{1,9}) - /;
/** Flask: `ERROR in app: message`. */
const FLASK = /^in ([A-Za-z_]\w{0,100}): /;
const BETWEEN = /^(?:\s*[-|:]\s+|\s+|:(?=\S))/;

/** Reads lines, and learns from them whether a bare word behind the level is a logger's name. */
export class PlainLines {
  #hasNameColumn = false;

  /** The head of an entry; null for a line that begins with neither a time nor a level. */
  head(line: string): Head | null {
    const first = line.charCodeAt(0);
    const couldBeHead = first === 0x5b || (first >= 0x30 && first <= 0x39) || (first >= 0x41 && first <= 0x5a);
    if (!couldBeHead) return null;
    let rest = line;
    let atMs: number | null = null;
    let level: string | null = null;
    let logger: string | null = null;
    let pid: number | null = null;
    let requestId: string | null = null;
    /** `%(levelname)s: %(message)s`: a name is set off by another colon then, or is none. */
    let isSetOff = false;

    const takeTime = (): boolean => {
      const [all, time] = (atMs === null && TIME.exec(rest)) || [];
      if (all === undefined) return false;
      atMs = parseTime(time.replace(/([+-]\d\d):(\d\d)$/, '$1$2'));
      rest = rest.slice(all.length);
      return true;
    };
    const takeLevel = (): boolean => {
      const match = level === null ? LEVEL.exec(rest) : null;
      level = match ? knownLevel(match[1] ?? match[2]) : level;
      if (!match || level === null) return false;
      rest = rest.slice(match[0].length);
      isSetOff = rest.startsWith(':');
      return true;
    };
    const takePid = (): boolean => {
      const match = pid === null ? PID.exec(rest) : null;
      if (!match) return false;
      pid = Number(match[1]);
      rest = rest.slice(match[0].length);
      return true;
    };
    const takeRequestId = (): boolean => {
      const match = requestId === null && (atMs !== null || level !== null) ? REQUEST_ID.exec(rest) : null;
      if (!match) return false;
      requestId = match[1];
      rest = rest.slice(match[0].length);
      return true;
    };
    const takeLogger = (): boolean => {
      const match =
        logger === null && (atMs !== null || level !== null) ? this.#logger(rest, level !== null && !isSetOff) : null;
      if (!match) return false;
      logger = match.name;
      rest = rest.slice(match.length);
      return true;
    };
    while (takeTime() || takeLevel() || takePid() || takeRequestId() || takeLogger()) rest = rest.replace(BETWEEN, '');
    // A level alone opens a line (`INFO:root:hello`), but a number or a bracket alone is anything.
    if (level === null && atMs === null) return null;
    return {
      atMs: atMs ?? Number.NaN,
      level,
      logger,
      message: rest,
      fields: fieldsOf(pid, requestId, rest),
      traceback: null,
      mayGoOn: true,
    };
  }

  #logger(rest: string, mayBeBare: boolean): { name: string; length: number } | null {
    for (const pattern of [LOGURU, FLASK, LOGGER]) {
      const match = pattern.exec(rest);
      if (match) return { name: match[1] ?? match[2], length: match[0].length };
    }
    const name = mayBeBare ? BARE_NAME.exec(rest)?.[1] : undefined;
    if (name === undefined) return null;
    // Only a logger is written with dots; once one was seen, the column is known.
    this.#hasNameColumn ||= name.includes('.') || name === 'root';
    return this.#hasNameColumn ? { name, length: name.length } : null;
  }
}

function fieldsOf(pid: number | null, requestId: string | null, message: string): Head['fields'] {
  const identifiers = identifiersIn(message);
  if (pid === null && requestId === null) return identifiers;
  return { ...(pid === null ? {} : { pid }), ...(requestId === null ? {} : { request_id: requestId }), ...identifiers };
}
