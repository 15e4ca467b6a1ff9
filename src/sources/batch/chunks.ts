/** The bytes of a file, plain or gzip, piece by piece as somebody asks for them. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { openFile } from './input.ts';

const CHUNK_BYTES = 256 * 1024;

/** @throws the system's error, or NotAFileError; for a damaged gzip after what could be unpacked. */
export async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  // It knows what is no file, and a gzip by its first bytes.
  const file = openFile(path);
  const isCompressed = file.fd === null;
  file.close();
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!isCompressed) {
    yield* bytes;
    return;
  }
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors reach whoever reads `unpacked`.
  pipeline(bytes, unpacked, () => {});
  yield* unpacked;
}
