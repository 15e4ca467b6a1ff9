/** Access logs with one JSON object a line. */
import type { Line } from './line.ts';
import { StampReader } from './timestamp.ts';

/** Names in use for each value; the first that is there counts. */
const KEYS = {
  time: ['timestamp', 'time', '@timestamp', 'ts', 'date', 'datetime', 'asctime', 't'],
  request: ['request', 'request_line', 'r'],
  method: ['method', 'request_method', 'http_method', 'm'],
  path: ['path', 'uri', 'request_path', 'url', 'url_path', 'request_uri', 'U'],
  query: ['query', 'query_string', 'q'],
  protocol: ['protocol', 'http_version', 'server_protocol', 'H'],
  status: ['status', 'status_code', 'response_code', 'http_status', 's'],
  bytes: [
    'bytes',
    'response_length',
    'size',
    'response_size',
    'bytes_sent',
    'body_bytes_sent',
    'content_length',
    'B',
    'b',
  ],
  address: ['remote_addr', 'remote_ip', 'client_ip', 'remote_address', 'ip', 'client', 'address', 'h'],
  user: ['user', 'remote_user', 'u'],
  referrer: ['referer', 'referrer', 'http_referer', 'f'],
  userAgent: ['user_agent', 'agent', 'http_user_agent', 'useragent', 'a'],
  worker: ['pid', 'process_id', 'process', 'worker', 'worker_pid', 'p'],
} as const;

/** Names that tell their unit; the plain ones are decided like a number behind a combined line. */
const DURATION_KEYS: readonly { readonly key: string; readonly perSecond: number | null }[] = [
  { key: 'duration_us', perSecond: 1e6 },
  { key: 'request_time_us', perSecond: 1e6 },
  { key: 'duration_ms', perSecond: 1e3 },
  { key: 'request_time_ms', perSecond: 1e3 },
  { key: 'response_time_ms', perSecond: 1e3 },
  { key: 'duration_s', perSecond: 1 },
  { key: 'duration_seconds', perSecond: 1 },
  { key: 'request_time_s', perSecond: 1 },
  { key: 'request_time', perSecond: null },
  { key: 'duration', perSecond: null },
  { key: 'response_time', perSecond: null },
  { key: 'elapsed', perSecond: null },
  { key: 'D', perSecond: 1e6 },
  { key: 'L', perSecond: 1 },
];

const stamps = new StampReader();

/**
 * Parses a JSON object. Gunicorn prints formats that look like JSON without escaping backslashes and control bytes, so
 * that one line in twenty is not JSON: these are escaped on a second try.
 */
function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  for (const candidate of [() => text, () => escapeStrays(text)]) {
    try {
      const value: unknown = JSON.parse(candidate());
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
    } catch {
      // Not JSON as it stands.
    }
  }
  return null;
}

const escapeStrays = (text: string): string =>
  text
    .replace(/\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/g, '\\\\')
    .replace(/[\u0000-\u001f]/g, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);

function timeOf(value: unknown): number {
  if (typeof value === 'number') return value > 1e11 ? value : value * 1000;
  if (typeof value !== 'string') return Number.NaN;
  const bytes = Buffer.from(value.startsWith('[') ? value : `[${value}]`);
  const stamped = stamps.read(bytes, 0, bytes.length);
  // `2026-11-21 02:04:27,299` is how Python's logging prints a time.
  return Number.isNaN(stamped) ? Date.parse(value.replace(/[[\]]/g, '').replace(',', '.')) : stamped;
}

/** Text of a value; null for what is not there. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && value !== '-' ? value : null;
}

const numberOf = (value: unknown): number => {
  const text = textOf(value);
  return text === null ? Number.NaN : Number(text.replace(/[<>]/g, ''));
};

/** Fills the line from one JSON object. @returns why it cannot, or null. */
export function readJsonLine(line: Line, bytes: Buffer, start: number, end: number): string | null {
  const object = parseObject(bytes.toString('utf8', start, end));
  if (object === null) return 'not a JSON object';
  const value = (name: keyof typeof KEYS): unknown => {
    const key = KEYS[name].find((candidate) => candidate in object);
    return key === undefined ? undefined : object[key];
  };

  line.atMs = timeOf(value('time'));
  line.status = numberOf(value('status'));
  const request = textOf(value('request'));
  if (request !== null) {
    const requestBytes = Buffer.from(request);
    line.setRequest(requestBytes, 0, requestBytes.length);
  } else {
    line.method = textOf(value('method'));
    line.protocol = textOf(value('protocol'));
    const path = textOf(value('path'));
    const query = textOf(value('query'));
    if (path !== null && path !== 'None') {
      const target = Buffer.from(query === null ? path : `${path}?${query.replace(/^\?/, '')}`);
      line.setTarget(target, 0, target.length);
    }
  }
  if (line.path === null && Number.isNaN(line.status)) return 'a JSON object without request and status';
  line.bytes = numberOf(value('bytes'));
  line.address = textOf(value('address'));
  line.user = textOf(value('user'));
  line.referrer = textOf(value('referrer'));
  line.userAgent = textOf(value('userAgent'));
  line.worker = numberOf(value('worker')) || 0;

  const duration = DURATION_KEYS.find(({ key }) => key in object);
  if (duration) {
    const amount = numberOf(object[duration.key]);
    if (duration.perSecond !== null) line.setSeconds(amount / duration.perSecond);
    else if (Number.isInteger(amount)) line.unitless = amount;
    else line.setSeconds(amount);
  }
  line.judge();
  return null;
}
