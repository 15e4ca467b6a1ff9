/** One JSON object a line: python-json-logger, structlog, loguru's and ECS' serializers. */
import { type Head, levelOf } from './head.ts';
import { pythonTraceback } from './structured-traceback.ts';
import { parseTime } from './time.ts';

/** What one thing is called by the libraries; the first that is there counts. */
const TIME_KEYS = ['timestamp', 'asctime', '@timestamp', 'time', 'ts', 'datetime', 'created'];
const LEVEL_KEYS = ['level', 'levelname', 'severity', 'log.level', 'levelno'];
const LOGGER_KEYS = ['logger', 'name', 'logger_name', 'log.logger'];
const MESSAGE_KEYS = ['message', 'event', 'msg'];
/** These stay among the fields, too. */
const TRACEBACK_KEYS = ['exc_info', 'exception', 'exc_text', 'traceback', 'error.stack_trace', 'stack_info'];

/** Seconds since 1970 stay below this until the year 5138; milliseconds have been above it since 1973. */
const LEAST_MILLISECONDS = 1e11;

/** ISO 8601, `logging`'s `2026-11-21 02:04:13,299` (local time), or seconds or milliseconds since 1970. */
function timeOf(value: unknown): number {
  if (typeof value === 'number') return value < LEAST_MILLISECONDS ? value * 1000 : value;
  if (typeof value !== 'string') return Number.NaN;
  const atMs = parseTime(value);
  if (!Number.isNaN(atMs)) return atMs;
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
}

const tracebackOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : pythonTraceback(value);

/** Deeper objects are no log entry, and writing them out again would overflow the stack. */
const MOST_LEVELS = 200;

/** How deep brackets are nested at most; those inside strings count too, so that the answer may be too large. */
function depthOf(line: string): number {
  let depth = 0;
  let most = 0;
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index) | 0x20;
    if (code === 0x7b) most = Math.max(most, ++depth);
    else if (code === 0x7d) depth--;
  }
  return most;
}

/** A line that holds a JSON object; null for every other. */
export function jsonHead(line: string): Head | null {
  if (!line.startsWith('{') || !line.endsWith('}') || depthOf(line) > MOST_LEVELS) return null;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line);
  } catch {
    return null;
  }
  /** Takes the first of these keys whose value can be read; what cannot be read stays a field. */
  const take = <T>(keys: readonly string[], read: (value: unknown) => T | null): T | null => {
    for (const key of keys) {
      if (!Object.hasOwn(fields, key)) continue;
      const value = read(fields[key]);
      if (value === null) continue;
      delete fields[key];
      return value;
    }
    return null;
  };
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const atMs = take(TIME_KEYS, (value) => {
    const time = timeOf(value);
    return Number.isFinite(time) && Math.abs(time) < 8.64e15 ? time : null;
  });
  const level = take(LEVEL_KEYS, levelOf);
  const logger = take(LOGGER_KEYS, text);
  const message = take(MESSAGE_KEYS, text);
  const traceback = TRACEBACK_KEYS.map((key) => tracebackOf(fields[key])).find((value) => value !== null) ?? null;
  return {
    atMs: atMs ?? Number.NaN,
    level,
    logger,
    message,
    fields: Object.keys(fields).length > 0 ? fields : null,
    traceback,
    mayGoOn: false,
  };
}
