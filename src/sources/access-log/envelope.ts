/** Lines that a log collector keeps in JSON objects of its own, one each: journald's export, Docker's json-file. */

export interface Envelope {
  /** What the program wrote: any bytes, as a rule without a newline. */
  readonly line: Buffer;
  /** Epoch milliseconds at which the collector got it; NaN when it does not tell. */
  readonly atMs: number;
}

interface Row {
  /** All of these stand in every object of the collector, and in few of other programs. */
  readonly marks: readonly Buffer[];
  readonly line: string;
  readonly atMs: (object: Readonly<Record<string, unknown>>) => number;
}

const COLLECTORS: readonly Row[] = [
  {
    // Docker's json-file driver: `{"log":"…\n","stream":"stdout","time":"2026-11-21T02:04:13.123456789Z"}`.
    marks: [Buffer.from('{"log":'), Buffer.from('"stream":"std'), Buffer.from('"time":')],
    line: 'log',
    atMs: ({ time }) => (typeof time === 'string' ? Date.parse(time) : Number.NaN),
  },
  {
    // journalctl -o json: all values are strings, but for a message that is no UTF-8 or holds control bytes: an array of
    // its bytes (systemd.journal-fields(7)). `_PID` is the master's, who was given the stream, not the worker's.
    marks: [Buffer.from('"MESSAGE":'), Buffer.from('"__REALTIME_TIMESTAMP":')],
    line: 'MESSAGE',
    atMs: ({ __REALTIME_TIMESTAMP: microseconds }) => Math.floor(Number(microseconds ?? Number.NaN) / 1000),
  },
];

function lineOf(value: unknown): Buffer | null {
  if (typeof value === 'string') return Buffer.from(value.trimEnd());
  const isBytes = Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  return isBytes ? Buffer.from(value as number[]) : null;
}

/** What is in the envelope of [start, end), which begins with a brace; null when it is none: a JSON access line. */
export function openEnvelope(bytes: Buffer, start: number, end: number): Envelope | null {
  const object = bytes.subarray(start, end);
  const collector = COLLECTORS.find(({ marks }) => marks.every((mark) => object.includes(mark)));
  if (collector === undefined) return null;
  try {
    const fields: unknown = JSON.parse(object.toString('utf8'));
    const record = fields as Readonly<Record<string, unknown>>;
    const line = lineOf(record[collector.line]);
    return line && { line, atMs: collector.atMs(record) };
  } catch {
    // Cut off, or no JSON after all: the reader of JSON lines says where.
    return null;
  }
}
