/** A log that is read once from one end to the other: a file, plain or gzip, or standard input. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  read,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 256 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** A stream closes its descriptor when it is destroyed, whatever `autoClose` says; ours is read again. */
const KEPT_OPEN = { read, close: (_fd: number, done: (error?: NodeJS.ErrnoException | null) => void) => done(null) };

/** Gets the next bytes, which are not kept after the call; false: it has seen enough. */
export type OnChunk = (chunk: Buffer) => boolean;

export interface BatchInput {
  /** As it was named; `-` is standard input. */
  readonly path: string;
  /** Size as it stands on the disk; null for a stream. */
  readonly sizeBytes: number | null;
  /** A plain file: it can be read from any offset. */
  readonly fd: number | null;
  /** A stream can be read only once. */
  readonly isStream: boolean;
  /**
   * Reads from an offset (plain files only, others from the start) to the end, or to `toOffset` (plain files only).
   * @param onProgress gets the bytes of the file taken so far: of a compressed one, compressed bytes.
   * @throws the system's error; for a damaged gzip after all bytes that could be unpacked were handed on.
   */
  read(fromOffset: number, onChunk: OnChunk, onProgress?: (bytes: number) => void, toOffset?: number): Promise<void>;
  close(): void;
}

/** What is said of a path that is no file. */
export class NotAFileError extends Error {}

const isGzip = (start: Buffer): boolean => start.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);

/**
 * Opens a file; whether it is compressed its first bytes tell, not its name.
 * @throws the system's error, or NotAFileError. A FIFO or a device is refused and never blocks.
 */
export function openFile(path: string): BatchInput {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = fstatSync(fd);
  if (!stat.isFile()) {
    closeSync(fd);
    throw new NotAFileError(
      stat.isDirectory() ? 'is a folder, not a file' : 'not a regular file (pipe it to - instead)',
    );
  }
  return openDescriptor(path, fd, stat.size);
}

function openDescriptor(path: string, fd: number, sizeBytes: number): BatchInput {
  const start = Buffer.alloc(GZIP_MAGIC.length);
  readSync(fd, start, 0, start.length, 0);
  const isCompressed = isGzip(start);
  return {
    path,
    sizeBytes,
    fd: isCompressed ? null : fd,
    isStream: false,
    async read(fromOffset, onChunk, onProgress, toOffset = Number.POSITIVE_INFINITY) {
      if (!isCompressed) return readPlain(fd, fromOffset, toOffset, onChunk, onProgress);
      const file = createReadStream('', { fd, start: 0, highWaterMark: CHUNK_BYTES, fs: KEPT_OPEN });
      return readStream(file, onChunk, onProgress);
    },
    close: () => closeSync(fd),
  };
}

/** Synchronous reads into one buffer: twice as fast as a stream, which makes a buffer for every chunk. */
function readPlain(
  fd: number,
  fromOffset: number,
  toOffset: number,
  onChunk: OnChunk,
  onProgress?: (bytes: number) => void,
): void {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let offset = fromOffset; offset < toOffset; ) {
    const length = readSync(fd, buffer, 0, Math.min(buffer.length, toOffset - offset), offset);
    if (length === 0) return;
    offset += length;
    onProgress?.(offset - fromOffset);
    if (!onChunk(length === buffer.length ? buffer : buffer.subarray(0, length))) return;
  }
}

/**
 * Unpacks when the first bytes say so. By events: they come in the order in which things happen, so that what a
 * damaged file still holds arrives before its error.
 */
function readStream(stream: Readable, onChunk: OnChunk, onProgress?: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let taken = 0;
    let output: Readable | null = null;
    const finish = (error?: Error): void => {
      stream.destroy();
      output?.destroy();
      if (error) reject(error);
      else resolve();
    };
    const deliver = (chunk: Buffer): void => {
      if (!onChunk(chunk)) finish();
    };
    const begin = (first: Buffer): void => {
      if (!isGzip(first)) {
        output = stream;
        deliver(first);
        stream.on('data', deliver).on('end', () => finish());
        return;
      }
      const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
      output = gunzip;
      gunzip.on('data', deliver).on('end', () => finish());
      gunzip.on('error', finish);
      gunzip.write(first);
      stream.pipe(gunzip);
    };
    stream.on('data', (chunk: Buffer) => {
      taken += chunk.length;
      onProgress?.(taken);
      if (output === null) begin(chunk);
    });
    stream.on('end', () => {
      if (output === null) finish();
    });
    stream.on('error', finish);
  });
}

export function openStdin(): BatchInput {
  return {
    path: '-',
    sizeBytes: null,
    fd: null,
    isStream: true,
    read: (_fromOffset, onChunk, onProgress) => readStream(process.stdin, onChunk, onProgress),
    close: () => {},
  };
}

/**
 * Copies a stream to a file without a name, for questions that take two readings: where do the last lines begin, which
 * line is the newest. In memory it could be of any size.
 */
export async function spool(input: BatchInput): Promise<BatchInput> {
  const path = join(tmpdir(), `gtop-report-${randomBytes(8).toString('hex')}`);
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  let size = 0;
  await input.read(0, (chunk) => {
    for (let written = 0; written < chunk.length; ) written += writeSync(fd, chunk, written);
    size += chunk.length;
    return true;
  });
  return openDescriptor(input.path, fd, size);
}
