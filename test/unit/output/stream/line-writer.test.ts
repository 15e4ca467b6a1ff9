import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { LineWriter } from '../../../../src/output/stream/index.ts';

/** A reader that takes a piece when it is told to. */
class SlowReader extends Writable {
  readonly pieces: string[] = [];
  #done: ((error?: Error) => void) | null = null;

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(piece: string, _encoding: string, done: (error?: Error) => void): void {
    this.pieces.push(piece);
    this.#done = done;
  }

  take(error?: Error): void {
    this.#done?.(error);
  }
}

it('writes the lines of a step in one go, and is done when they are taken', async () => {
  const reader = new SlowReader();
  const writer = new LineWriter(reader);
  writer.add('one');
  writer.add('two');
  const flushed = writer.flush();
  let isDone = false;
  void flushed.then(() => {
    isDone = true;
  });
  await new Promise(setImmediate);
  expect({ pieces: reader.pieces, isDone, isBusy: writer.isBusy }).toEqual({
    pieces: ['one\ntwo\n'],
    isDone: false,
    isBusy: true,
  });
  reader.take();
  await flushed;
  expect(writer.isBusy).toBe(false);
});

it('what is added meanwhile waits for the next time', async () => {
  const reader = new SlowReader();
  const writer = new LineWriter(reader);
  writer.add('one');
  const first = writer.flush();
  writer.add('two');
  expect(writer.waitingLines).toBe(1);
  const second = writer.flush();
  reader.take();
  await first;
  await new Promise(setImmediate);
  reader.take();
  await second;
  expect(reader.pieces).toEqual(['one\n', 'two\n']);
});

it('writes nothing when there is nothing', async () => {
  const reader = new SlowReader();
  await new LineWriter(reader).flush();
  expect(reader.pieces).toEqual([]);
});

it('fails with what the stream fails with', async () => {
  const reader = new SlowReader();
  reader.on('error', () => {});
  const writer = new LineWriter(reader);
  writer.add('one');
  const flushed = writer.flush();
  reader.take(new Error('EPIPE'));
  await expect(flushed).rejects.toThrow('EPIPE');
});
