/**
 * The stream by the Elastic Common Schema: nested objects, as Elasticsearch, Filebeat and Logstash take them without any
 * mapping. What the schema has no field for is under `gunicorn`.
 */
import { isIP } from 'node:net';
import { toJsonLine } from '../json.ts';
import { type FormatOptions, isoClock, orNull, queryOf, type StreamFormat } from './format.ts';

const ECS = { version: '8.17.0' };
const NANOSECONDS = 1e9;

/** `HTTP/1.1` → `1.1`. */
const versionOf = (protocol: string | null): string | null =>
  protocol === null ? null : protocol.replace('HTTP/', '');

const outcomeOf = (status: number): string => (Number.isNaN(status) ? 'unknown' : status < 400 ? 'success' : 'failure');

/** The pid among an application's own fields, as its formatter names it. */
const pidOf = (fields: Readonly<Record<string, unknown>> | null): number | null => {
  const pid = fields?.pid ?? fields?.process;
  return typeof pid === 'number' ? pid : null;
};

export function ecs({ raw }: FormatOptions): StreamFormat {
  const iso = isoClock();
  // The schema demands a time of every event: of a line without one it is when gtop read it.
  const time = (atMs: number, nowMs: number) => iso(atMs) ?? iso(nowMs);
  const original = (text: string | null | undefined) => (raw ? { original: text ?? null } : null);
  const file = (source: string) => ({ path: source === '-' ? null : source });
  return {
    access: (record, source, nowMs) =>
      toJsonLine({
        '@timestamp': time(record.atMs, nowMs),
        ecs: ECS,
        event: {
          kind: 'event',
          category: ['web'],
          type: ['access'],
          dataset: 'gunicorn.access',
          outcome: outcomeOf(record.status),
          duration: orNull(Math.round(record.seconds * NANOSECONDS)),
          ...original(record.raw),
        },
        http: {
          version: versionOf(record.protocol),
          request: { method: record.method, referrer: record.referrer },
          response: { status_code: orNull(record.status), body: { bytes: orNull(record.bytes) } },
        },
        url: { original: record.target, path: record.path, query: queryOf(record.target, record.path) },
        client: {
          address: record.address,
          ip: record.address !== null && isIP(record.address) !== 0 ? record.address : null,
        },
        user: { name: record.user },
        user_agent: { original: record.userAgent },
        process: { pid: record.worker || null },
        log: { file: file(source) },
        gunicorn: { excluded: record.excluded },
      }),
    error: (entry, source, nowMs) =>
      toJsonLine({
        '@timestamp': time(entry.atMs, nowMs),
        ecs: ECS,
        event: { kind: 'event', dataset: 'gunicorn.error', ...original(entry.raw) },
        message: entry.message,
        error: { stack_trace: entry.traceback },
        process: { pid: entry.pid },
        log: { level: entry.level, logger: entry.logger, file: file(source) },
        gunicorn: { event: entry.event, fields: entry.fields },
      }),
    app: (entry, source, nowMs) =>
      toJsonLine({
        '@timestamp': time(entry.atMs, nowMs),
        ecs: ECS,
        event: { kind: 'event', dataset: 'gunicorn.app', ...original(entry.raw) },
        message: entry.message,
        error: { stack_trace: entry.traceback },
        process: { pid: pidOf(entry.fields) },
        log: { level: entry.level, logger: entry.logger, file: file(source) },
        gunicorn: { fields: entry.fields },
      }),
    rejected: (text, reason, source, nowMs) =>
      toJsonLine({
        '@timestamp': iso(nowMs),
        ecs: ECS,
        event: { kind: 'pipeline_error', dataset: 'gunicorn.rejected', original: text },
        message: text,
        error: { message: reason },
        log: { file: file(source) },
      }),
  };
}
