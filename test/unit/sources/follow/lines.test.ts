import { describe, expect, it } from 'vitest';
import { LineSplitter, MAX_LINE_BYTES } from '../../../../src/sources/follow/lines.ts';
import { CollectingSink } from './scene.ts';

function split(pieces: readonly (string | Buffer)[], options: { atFileStart?: boolean; insideLine?: boolean } = {}) {
  const sink = new CollectingSink();
  let truncated = 0;
  const lines = new LineSplitter({ sink, onTruncated: () => truncated++, ...options });
  for (const piece of pieces) lines.push(Buffer.from(piece), true);
  return { sink, lines, truncated: () => truncated };
}

describe('LineSplitter', () => {
  it('hands on whole lines and keeps the unfinished one', () => {
    const { sink, lines } = split(['one\ntwo\nthr']);
    expect(sink.all).toEqual(['one', 'two']);
    lines.push(Buffer.from('ee\n'), true);
    expect(sink.all).toEqual(['one', 'two', 'three']);
    lines.giveUp(true);
    expect(sink.all).toHaveLength(3);
  });

  it('hands on many lines in one call', () => {
    const { sink } = split(['a\n'.repeat(1000)]);
    expect(sink.calls).toBe(1);
  });

  it('gives up the unfinished line when told, once', () => {
    const { sink, lines } = split(['one\ntwo']);
    lines.giveUp(true);
    lines.giveUp(true);
    expect(sink.all).toEqual(['one', 'two']);
  });

  it('13, 33: puts together lines from pieces cut at every byte, inside UTF-8 characters too', () => {
    const text = 'GET /café/日本/🎉 HTTP/1.1\nsecond ligne é\n';
    const bytes = Buffer.from(text);
    for (let one = 0; one <= bytes.length; one++) {
      for (let two = one; two <= bytes.length; two++) {
        const { sink } = split([bytes.subarray(0, one), bytes.subarray(one, two), bytes.subarray(two)]);
        expect(Buffer.from(`${sink.all.join('\n')}\n`, 'latin1').toString()).toBe(text);
      }
    }
  });

  it('30: leaves \\r where it is, also when it comes in another piece than \\n', () => {
    expect(split(['one\r', '\ntwo\r\n']).sink.all).toEqual(['one\r', 'two\r']);
  });

  it('31: hands on empty lines', () => {
    expect(split(['\n\na\n', '\n']).sink.all).toEqual(['', '', 'a', '']);
  });

  it('32: drops a byte order mark at the start of a file and nowhere else', () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    const marked = Buffer.concat([mark, Buffer.from('one\n'), mark, Buffer.from('two\n')]);
    for (let cut = 0; cut < 5; cut++) {
      const { sink } = split([marked.subarray(0, cut), marked.subarray(cut)], { atFileStart: true });
      expect(sink.all).toEqual(['one', '\xef\xbb\xbftwo']);
    }
    expect(split([marked]).sink.all[0]).toBe('\xef\xbb\xbfone');
  });

  it('16: passes on bytes that are no UTF-8', () => {
    expect(split([Buffer.from([0xff, 0xfe, 0x80, 0x0a])]).sink.all).toEqual(['\xff\xfe\x80']);
  });

  it('drops NULs at the start of a line, keeps them inside', () => {
    const hole = '\0'.repeat(10_000);
    expect(split([`${hole}one\nt\0wo\n${hole}`, `${hole}three\n\0\0\n`]).sink.all).toEqual([
      'one',
      't\0wo',
      'three',
      '',
    ]);
  });

  it('15: hands on a line of 1 MiB as it is', () => {
    const long = 'x'.repeat(1024 * 1024);
    const { sink, truncated } = split([long.slice(0, 300_000), `${long.slice(300_000)}\nnext\n`]);
    expect(sink.all).toEqual([long, 'next']);
    expect(truncated()).toBe(0);
  });

  it('28: keeps the first 4 MiB of a longer line and goes on behind it', () => {
    const piece = 'y'.repeat(1024 * 1024);
    const { sink, truncated } = split([...Array(9).fill(piece), 'tail\nnext\n']);
    expect(sink.all.map((line) => line.length)).toEqual([MAX_LINE_BYTES, 4]);
    expect(truncated()).toBe(1);
  });

  it('a line of exactly 4 MiB is whole, one byte more is not', () => {
    const exact = 'z'.repeat(MAX_LINE_BYTES);
    const whole = split([exact, '\nnext\n']);
    expect(whole.sink.all).toEqual([exact, 'next']);
    expect(whole.truncated()).toBe(0);
    const cut = split([exact, 'z\nnext\n']);
    expect(cut.sink.all).toEqual([exact, 'next']);
    expect(cut.truncated()).toBe(1);
  });

  it('passes over the rest of a line that it came into the middle of', () => {
    const { sink, lines } = split(['rest of', ' it'], { insideLine: true });
    lines.push(Buffer.from(' all\nwhole\n'), true);
    expect(sink.all).toEqual(['whole']);
  });
});
