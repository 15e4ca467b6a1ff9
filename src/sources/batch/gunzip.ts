/** A gzip file, unpacked piece by piece: of a damaged one everything that comes before the damage. */
import { createGunzip, type Gunzip } from 'node:zlib';
import { piecesOf } from './pieces.ts';

/** Compressed bytes unpacked at once. Of the piece in which the damage shows zlib gives nothing: it is tried again. */
const PIECE_BYTES = 16 * 1024;
const CHUNK_BYTES = 256 * 1024;

const isDamage = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'Z_DATA_ERROR';

/**
 * Buffers hold their bytes until the next one is asked for.
 * @param onProgress gets the compressed bytes taken so far.
 * @throws the system's error; for a damaged or cut off file zlib's, after all bytes that could be unpacked.
 */
export async function* gunzipChunks(fd: number, onProgress?: (bytes: number) => void): AsyncGenerator<Buffer> {
  const unpacker = new Unpacker();
  let taken = 0;
  let given = 0;
  try {
    for (const piece of piecesOf(fd, PIECE_BYTES)) {
      const text = await unpacker.push(piece);
      given += text.length;
      if (text.length > 0) yield text;
      if (unpacker.hasEnded) return;
      taken += piece.length;
      onProgress?.(taken);
    }
    const text = await unpacker.finish();
    if (text.length > 0) yield text;
  } catch (error) {
    if (isDamage(error)) yield* restBeforeDamage(fd, taken, given);
    throw error;
  } finally {
    unpacker.close();
  }
}

/** Unpacks again up to the damaged piece, and that byte by byte. */
async function* restBeforeDamage(fd: number, damagedFrom: number, given: number): AsyncGenerator<Buffer> {
  const unpacker = new Unpacker();
  let passed = 0;
  try {
    for (const piece of piecesOf(fd, PIECE_BYTES, 0, damagedFrom)) {
      passed += (await unpacker.push(piece)).length;
    }
    for (const byte of piecesOf(fd, 1, damagedFrom)) {
      const text = await unpacker.push(byte);
      const known = Math.min(text.length, Math.max(0, given - passed));
      passed += text.length;
      if (text.length > known) yield text.subarray(known);
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
  } finally {
    unpacker.close();
  }
}

/**
 * zlib's stream, one piece after the other: what a piece gives is there before the next is taken. It comes in one buffer
 * for all: those of zlib would live just long enough to be taken for old (measured on 400,000 lines: 30 MB more).
 */
class Unpacker {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  #chunks: Buffer[] = [];
  #text = Buffer.alloc(0);
  #settle: (error?: Error | null) => void = () => {};
  /** What follows is no gzip: padding of a tape, rubbish behind the end. */
  hasEnded = false;

  constructor() {
    this.#gunzip
      .on('data', (chunk: Buffer) => this.#chunks.push(chunk))
      .on('error', (error) => this.#settle(error))
      .on('end', () => {
        this.hasEnded = true;
        this.#settle();
      });
  }

  /** @throws zlib's error. */
  push(piece: Buffer): Promise<Buffer> {
    return this.#after((done) => this.#gunzip.write(piece, done));
  }

  /** @throws zlib's error, for a file that is cut off. */
  finish(): Promise<Buffer> {
    return this.#after(() => this.#gunzip.end());
  }

  close(): void {
    this.#gunzip.destroy();
  }

  #after(act: (done: (error?: Error | null) => void) => void): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#settle = (error) => {
        if (error) return reject(error);
        // What the stream still holds back comes by `data` as well.
        while (this.#gunzip.readableLength > 0 && this.#gunzip.read() !== null);
        resolve(this.#take());
      };
      act(this.#settle);
    });
  }

  #take(): Buffer {
    const length = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (length > this.#text.length) this.#text = Buffer.allocUnsafe(Math.max(length, CHUNK_BYTES));
    let end = 0;
    for (const chunk of this.#chunks) end += chunk.copy(this.#text, end);
    this.#chunks = [];
    return this.#text.subarray(0, end);
  }
}
