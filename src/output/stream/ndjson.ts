/** gtop's own form of the stream: flat objects, every field of every kind always there, `null` when unknown. */
import { toJsonLine } from '../json.ts';
import { type FormatOptions, isoClock, orNull, queryOf, type StreamFormat } from './format.ts';

export function ndjson({ raw }: FormatOptions): StreamFormat {
  const iso = isoClock();
  const line = (text: string | null | undefined) => (raw ? { line: text ?? null } : null);
  return {
    access: (record, source) =>
      toJsonLine({
        kind: 'access',
        at: iso(record.atMs),
        method: record.method,
        target: record.target,
        path: record.path,
        query: queryOf(record.target, record.path),
        protocol: record.protocol,
        status: orNull(record.status),
        bytes: orNull(record.bytes),
        seconds: orNull(record.seconds),
        address: record.address,
        user: record.user,
        referrer: record.referrer,
        userAgent: record.userAgent,
        worker: record.worker || null,
        excluded: record.excluded,
        source,
        ...line(record.raw),
      }),
    error: (entry, source) =>
      toJsonLine({
        kind: 'error',
        at: iso(entry.atMs),
        pid: entry.pid,
        level: entry.level,
        message: entry.message,
        event: entry.event,
        traceback: entry.traceback,
        // Of lines that are not Gunicorn's own: JSON, other formats of `logging`.
        ...(entry.logger == null ? null : { logger: entry.logger }),
        ...(entry.fields == null ? null : { fields: entry.fields }),
        source,
        ...line(entry.raw),
      }),
    app: (entry, source) =>
      toJsonLine({
        kind: 'app',
        at: iso(entry.atMs),
        level: entry.level,
        logger: entry.logger,
        message: entry.message,
        fields: entry.fields,
        source,
        ...line(entry.raw),
      }),
    rejected: (text, reason, source) => toJsonLine({ kind: 'rejected', line: text, reason, source }),
  };
}
