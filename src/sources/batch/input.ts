/** A log that is read once from one end to the other: a file, plain or gzip, or standard input. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { openUnnamed, writeAll } from '../unnamed-file.ts';
import { gunzipChunks } from './gunzip.ts';

const CHUNK_BYTES = 256 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

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
   * @param pace is waited for behind each piece of a compressed file; a plain one is read in slices, by `toOffset`.
   * @throws the system's error; for a damaged gzip after all bytes that could be unpacked were handed on.
   */
  read(
    fromOffset: number,
    onChunk: OnChunk,
    onProgress?: (bytes: number) => void,
    toOffset?: number,
    pace?: () => Promise<void>,
  ): Promise<void>;
  close(): void;
}

/** What is said of a path that is no file. */
export class NotAFileError extends Error {}

const isGzip = (start: Buffer): boolean => start.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);

/** @throws the system's error, or NotAFileError. A FIFO or a device is refused and never blocks. */
export function openRegular(path: string): { readonly fd: number; readonly sizeBytes: number } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = fstatSync(fd);
  if (stat.isFile()) return { fd, sizeBytes: stat.size };
  closeSync(fd);
  throw new NotAFileError(stat.isDirectory() ? 'is a folder, not a file' : 'not a regular file (pipe it to - instead)');
}

/** Whether a file is compressed its first bytes tell, not its name. */
export function isCompressed(fd: number): boolean {
  const start = Buffer.alloc(GZIP_MAGIC.length);
  readSync(fd, start, 0, start.length, 0);
  return isGzip(start);
}

/** @throws as {@link openRegular}. */
export function openFile(path: string): BatchInput {
  const { fd, sizeBytes } = openRegular(path);
  return openDescriptor(path, fd, sizeBytes);
}

function openDescriptor(path: string, fd: number, sizeBytes: number): BatchInput {
  const isPacked = isCompressed(fd);
  return {
    path,
    sizeBytes,
    fd: isPacked ? null : fd,
    isStream: false,
    async read(fromOffset, onChunk, onProgress, toOffset = Number.POSITIVE_INFINITY, pace) {
      if (isPacked) return unpack(fd, onChunk, onProgress, pace);
      readPlain(fd, fromOffset, toOffset, onChunk, onProgress);
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

/** Plain text as it comes; what is compressed is set down first, because a damaged part is read twice. */
async function readStdin(onChunk: OnChunk, onProgress?: (bytes: number) => void): Promise<void> {
  let taken = 0;
  let start: Buffer | null = Buffer.alloc(0);
  let packed: number | null = null;
  try {
    for await (const bytes of process.stdin as AsyncIterable<Buffer>) {
      taken += bytes.length;
      onProgress?.(taken);
      const chunk: Buffer = start === null ? bytes : Buffer.concat([start, bytes]);
      if (start !== null && chunk.length < GZIP_MAGIC.length) {
        start = chunk;
        continue;
      }
      if (start !== null && isGzip(chunk)) packed = openUnnamed();
      start = null;
      if (packed !== null) writeAll(packed, chunk);
      else if (!onChunk(chunk)) return;
    }
    if (start !== null && start.length > 0) onChunk(start);
    if (packed !== null) await unpack(packed, onChunk);
  } finally {
    if (packed !== null) closeSync(packed);
  }
}

async function unpack(
  fd: number,
  onChunk: OnChunk,
  onProgress?: (bytes: number) => void,
  pace?: () => Promise<void>,
): Promise<void> {
  for await (const chunk of gunzipChunks(fd, onProgress)) {
    if (!onChunk(chunk)) return;
    await pace?.();
  }
}

export function openStdin(): BatchInput {
  return {
    path: '-',
    sizeBytes: null,
    fd: null,
    isStream: true,
    read: (_fromOffset, onChunk, onProgress) => readStdin(onChunk, onProgress),
    close: () => {},
  };
}

/**
 * Copies standard input to a file without a name, for questions that take two readings: where do the last lines begin,
 * which line is the newest. In memory it could be of any size.
 */
export async function spoolStdin(): Promise<BatchInput> {
  const fd = openUnnamed();
  let size = 0;
  for await (const bytes of process.stdin as AsyncIterable<Buffer>) {
    writeAll(fd, bytes);
    size += bytes.length;
  }
  return openDescriptor('-', fd, size);
}
