import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LineCounter, lastLines, skipLines } from '../../../../src/sources/batch/last-lines.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gtop-last-lines-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const texts = fc
  .array(fc.constantFrom('a', 'bb', '', 'x'.repeat(300_000)), { maxLength: 6 })
  .chain((lines) => fc.constantFrom(lines.join('\n'), lines.map((line) => `${line}\n`).join('')));

/** What `tail -n` prints. */
const tail = (text: string, count: number): string => (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).slice(-count).join('');

it('the last lines begin where tail(1) begins', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 7 }), (text, count) => {
      const path = join(folder, 'log');
      writeFileSync(path, text);
      const fd = openSync(path, 'r');
      const { offset } = lastLines(fd, text.length, count);
      closeSync(fd);
      expect(text.slice(offset)).toBe(tail(text, count));
    }),
    { numRuns: 60 },
  );
});

it('and are those that are left when the first ones are skipped, however the bytes come', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 100_000 }), (text, count, size) => {
      const counter = new LineCounter();
      const chunks: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) chunks.push(Buffer.from(text.slice(at, at + size)));
      for (const chunk of chunks) counter.push(chunk);
      const skip = skipLines(Math.max(0, counter.lines - count));
      expect(Buffer.concat(chunks.map(skip)).toString()).toBe(tail(text, count));
    }),
    { numRuns: 60 },
  );
});
