/** The bytes of a file, plain or gzip, piece by piece as somebody asks for them. */
import { closeSync } from 'node:fs';
import { gunzipChunks } from './gunzip.ts';
import { isCompressed, openRegular } from './input.ts';
import { piecesOf } from './pieces.ts';

const CHUNK_BYTES = 256 * 1024;

/** @throws the system's error, or NotAFileError; for a damaged gzip after what could be unpacked. */
export async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const { fd } = openRegular(path);
  try {
    if (isCompressed(fd)) yield* gunzipChunks(fd);
    else yield* piecesOf(fd, CHUNK_BYTES);
  } finally {
    closeSync(fd);
  }
}
