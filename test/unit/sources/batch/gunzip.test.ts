import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunksOf } from '../../../../src/sources/batch/chunks.ts';
import { gunzipChunks } from '../../../../src/sources/batch/gunzip.ts';
import { openFile } from '../../../../src/sources/batch/input.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gtop-gunzip-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What comes out, and the code of the error behind it. */
async function unpack(bytes: Buffer): Promise<{ readonly text: Buffer; readonly code: string | null }> {
  const path = join(folder, 'file.gz');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of gunzipChunks(fd)) chunks.push(Buffer.from(chunk));
    return { text: Buffer.concat(chunks), code: null };
  } catch (error) {
    return { text: Buffer.concat(chunks), code: (error as NodeJS.ErrnoException).code ?? 'none' };
  } finally {
    closeSync(fd);
  }
}

/** Buffers of megabytes are compared as such: a matcher would look at each byte. */
async function expectUnpacked(bytes: Buffer, text: Buffer, code: string | null = null): Promise<void> {
  const found = await unpack(bytes);
  expect({ code: found.code, length: found.text.length }).toEqual({ code, length: text.length });
  expect(found.text.equals(text)).toBe(true);
}

/** Lines that compress no better than those of a log. */
function lines(count: number): Buffer {
  let seed = 7;
  const next = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed;
  };
  return Buffer.from(Array.from({ length: count }, () => `10.0.0.1 "GET /${next()}" 200 ${next()}\n`).join(''));
}

/** What zlib gives of a file that ends there. */
const upTo = (packed: Buffer, end: number): Buffer =>
  gunzipSync(packed.subarray(0, end), { finishFlush: constants.Z_SYNC_FLUSH });

describe('a gzip file', () => {
  const text = lines(60_000);
  const packed = gzipSync(text);

  it('gives what is in it, of several members too', async () => {
    await expectUnpacked(packed, text);
    const both = Buffer.concat([gzipSync(text.subarray(0, 1_000_000)), gzipSync(text.subarray(1_000_000))]);
    await expectUnpacked(both, text);
    await expectUnpacked(gzipSync(''), Buffer.alloc(0));
  });

  it('may be padded with zeros, as tapes do', async () => {
    await expectUnpacked(Buffer.concat([packed, Buffer.alloc(100_000)]), text);
  });

  it.each([0.01, 0.3, 0.5, 0.9, 0.999])('cut off after %f of its bytes gives all that comes before', async (share) => {
    const end = Math.floor(packed.length * share);
    await expectUnpacked(packed.subarray(0, end), upTo(packed, end), 'Z_BUF_ERROR');
  });

  it.each([0.01, 0.3, 0.5, 0.9, 0.999])('damaged after %f of its bytes gives all that comes before', async (share) => {
    const at = Math.floor(packed.length * share);
    const damaged = Buffer.from(packed);
    for (let byte = at; byte < Math.min(at + 200, damaged.length); byte++) damaged[byte] ^= 0xff;
    const found = await unpack(damaged);
    expect(found.code).toBe('Z_DATA_ERROR');
    const before = upTo(packed, at);
    expect(before.length).toBeGreaterThan(10_000);
    expect(found.text.subarray(0, before.length).equals(before)).toBe(true);
  });

  it('with a wrong checksum alone gives everything', async () => {
    const damaged = Buffer.from(packed);
    damaged[damaged.length - 8] ^= 0xff;
    await expectUnpacked(damaged, text, 'Z_DATA_ERROR');
  });

  it('reads the same for a report and for a replay, and stops when it is told to', async () => {
    const path = join(folder, 'log.gz');
    writeFileSync(path, packed);
    const input = openFile(path);
    const chunks: Buffer[] = [];
    let taken = 0;
    await input.read(
      0,
      (chunk) => chunks.push(Buffer.from(chunk)) > 0,
      (bytes) => {
        taken = bytes;
      },
    );
    expect(Buffer.concat(chunks).equals(text)).toBe(true);
    expect(taken).toBe(packed.length);
    let count = 0;
    await input.read(0, () => ++count < 2);
    expect(count).toBe(2);
    input.close();

    const replayed: Buffer[] = [];
    for await (const chunk of chunksOf(path)) replayed.push(Buffer.from(chunk));
    expect(Buffer.concat(replayed).equals(text)).toBe(true);
  });
});
