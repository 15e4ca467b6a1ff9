/** Names in use for the values of a request in JSON logs. One row a value; the first name that is there counts. */
import type { DurationUnit } from '../../model/snapshot.ts';

const NAMES = {
  time: ['timestamp', 'time', '@timestamp', 'ts', 'date', 'datetime', 'asctime', 't'],
  request: ['request', 'request_line', 'r'],
  method: ['method', 'request_method', 'http_method', 'verb', 'm'],
  path: ['request_uri', 'uri', 'path', 'request_path', 'url', 'url_path', 'target', 'U'],
  query: ['query', 'query_string', 'q'],
  protocol: ['protocol', 'http_version', 'server_protocol', 'H'],
  status: ['status', 'status_code', 'response_code', 'response_status', 'http_status', 's'],
  bytes: [
    'response_length',
    'bytes',
    'response_size',
    'bytes_sent',
    'body_bytes_sent',
    'size',
    'content_length',
    'B',
    'b',
  ],
  address: [
    'remote_addr',
    'remote_ip',
    'client_ip',
    'remote_address',
    'ip',
    'client',
    'client_addr',
    'address',
    'host',
    'h',
  ],
  user: ['remote_user', 'user', 'u'],
  referrer: ['referer', 'referrer', 'http_referer', 'f'],
  userAgent: ['user_agent', 'http_user_agent', 'userAgent', 'useragent', 'agent', 'a'],
  worker: ['pid', 'process_id', 'process', 'worker_pid', 'worker', 'p'],
  /** A whole access line, put into JSON by a log shipper or by Python's logging. */
  line: ['log', 'message', 'msg'],
  duration: [
    'duration_us',
    'request_time_us',
    'duration_ms',
    'request_time_ms',
    'response_time_ms',
    'duration_s',
    'duration_seconds',
    'request_time_s',
    'request_time',
    'duration',
    'response_time',
    'elapsed',
    'D',
    'L',
    'M',
    'T',
  ],
} as const;

export type JsonField = keyof typeof NAMES;

/** Names of a duration that tell its unit: the endings, and Gunicorn's atoms. */
const UNIT_ENDINGS: readonly { readonly pattern: RegExp; readonly unit: DurationUnit }[] = [
  { pattern: /_us$|^D$/, unit: 'microseconds' },
  { pattern: /_ms$|^M$/, unit: 'milliseconds' },
  { pattern: /_s(?:econds)?$|^[LT]$/, unit: 'seconds' },
];

export interface JsonKey {
  readonly field: number;
  readonly name: string;
  /** Less counts more. */
  readonly rank: number;
  /** Of a duration, when its name tells. */
  readonly unit: DurationUnit | null;
}

const FIELD_NAMES = Object.keys(NAMES);

/** More than any rank within one object: a name deeper in the object counts less. */
export const RANKS = 64;
export const FIELD_COUNT = FIELD_NAMES.length;
export const fieldIndex = (field: JsonField): number => FIELD_NAMES.indexOf(field);

export const JSON_KEYS: ReadonlyMap<string, JsonKey> = new Map(
  Object.values(NAMES).flatMap((names, field) =>
    names.map((name, rank): [string, JsonKey] => [
      name,
      {
        field,
        name,
        rank,
        unit:
          field === fieldIndex('duration')
            ? (UNIT_ENDINGS.find(({ pattern }) => pattern.test(name))?.unit ?? null)
            : null,
      },
    ]),
  ),
);
