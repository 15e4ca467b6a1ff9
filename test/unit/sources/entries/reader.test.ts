import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryReader, type Head, PlainLines } from '../../../../src/sources/entries/index.ts';

interface Given {
  readonly head: string;
  readonly folded: readonly string[];
}

function reader(options: { keepAll?: boolean; keepRaw?: boolean } = {}) {
  const given: Given[] = [];
  const raws: (string | null)[] = [];
  const plain = new PlainLines();
  const entries = new EntryReader<Head>(
    {
      head: (line) => plain.head(line),
      bare: (message) => ({
        atMs: Number.NaN,
        level: null,
        logger: null,
        message,
        fields: null,
        traceback: null,
        mayGoOn: true,
      }),
      give(head, folded, raw) {
        given.push({ head: head.message ?? '', folded: folded?.split('\n') ?? [] });
        raws.push(raw);
      },
    },
    options,
  );
  const push = (...lines: string[]) => {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    entries.push(bytes, 0, bytes.length);
  };
  return { entries, given, raws, push };
}

const head = (message: string) => `2026-11-21 02:04:13,299 ERROR ${message}`;
const TRACEBACK = ['Traceback (most recent call last):', '  File "/srv/a.py", line 7, in f', '    f()', 'KeyError: 7'];

describe('an entry of several lines', () => {
  it('keeps the blank ones between them, as they come with chained exceptions', () => {
    const chain = [
      ...TRACEBACK,
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      ...TRACEBACK,
    ];
    const { entries, given, push } = reader();
    push(head('one'), ...chain, '', head('two'), '', '');
    entries.settle(0, true);
    expect(given).toEqual([
      { head: 'one', folded: chain },
      { head: 'two', folded: [] },
    ]);
    expect(entries).toMatchObject({ linesParsed: 11, linesRejected: 0 });
  });

  it('is kept as it stands where that is asked for, but for its line ends', () => {
    const lines = [
      head('one  '),
      '',
      'Traceback (most recent call last):\t',
      '  File "/srv/a.py"',
      '',
      'KeyError: 7  ',
    ];
    const { entries, raws, push } = reader({ keepRaw: true });
    push(...lines.map((line) => `${line}\r`), '', head('two'));
    entries.settle(0, true);
    expect(raws).toEqual([lines.join('\n'), head('two')]);
  });

  it('keeps a bounded number of blank ones', () => {
    const { entries, given, push } = reader();
    push(head('one'), ...TRACEBACK.slice(0, 2), ...Array<string>(10_000).fill(''), ...TRACEBACK.slice(2));
    entries.settle(0, true);
    expect(given[0].folded.length).toBe(TRACEBACK.length + 100);
  });
});

describe('an entry that another one interrupts', () => {
  const cuts = TRACEBACK.map((_, index) => index).slice(1);

  it.each(cuts)('within its traceback, after line %i, still gets the rest of it', (cut) => {
    const { entries, given, push } = reader();
    push(head('one'), ...TRACEBACK.slice(0, cut), head('two'), ...TRACEBACK.slice(cut), head('three'));
    entries.settle(0, true);
    expect(given).toEqual([
      { head: 'one', folded: TRACEBACK },
      { head: 'two', folded: [] },
      { head: 'three', folded: [] },
    ]);
  });

  it('by a traceback of its own leaves that whole', () => {
    const { entries, given, push } = reader();
    push(head('one'), ...TRACEBACK.slice(0, 2), head('two'), ...TRACEBACK, ...TRACEBACK.slice(2));
    entries.settle(0, true);
    expect(given).toEqual([
      { head: 'one', folded: [...TRACEBACK.slice(0, 3)] },
      { head: 'two', folded: [...TRACEBACK, 'KeyError: 7'] },
    ]);
  });

  it('is given before the one that came in between, whatever else comes', () => {
    const { entries, given, push } = reader();
    push(head('one'), TRACEBACK[0] ?? '', head('two'));
    expect([entries.entriesBegun, entries.entriesGiven]).toEqual([2, 0]);
    push(head('three'));
    expect(given.map((one) => one.head)).toEqual(['one', 'two']);
    entries.settle(0, true);
    expect([entries.entriesBegun, entries.entriesGiven]).toEqual([3, 3]);
  });
});

describe('an entry that grows without end', () => {
  it('goes on as another one, so that nothing is lost and little is held', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `  line ${i} ${'x'.repeat(1000)}`);
    const { entries, given, push } = reader();
    push(head('one'), ...lines);
    entries.settle(0, true);
    expect(given.length).toBeGreaterThan(5);
    const all = given.flatMap((one) => [one.head, ...one.folded]).slice(1);
    expect(all).toEqual(lines);
  });

  it('has lines of at most 64 KiB, unless all is wanted', () => {
    const long = 'x'.repeat(200_000);
    for (const [keepAll, length] of [
      [false, 65_536],
      [true, 200_000],
    ] as const) {
      const { entries, given, push } = reader({ keepAll });
      push(long);
      entries.settle(0, true);
      expect(given[0]?.head).toHaveLength(length);
    }
  });
});

it('loses no line, whatever is written, and gives entries in the order of their heads', () => {
  const line = fc.constantFrom(
    head('a'),
    head('b'),
    ...TRACEBACK,
    'text',
    '  more',
    'During handling of the above exception, another exception occurred:',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.nat(40), (lines, settled) => {
      const { entries, given, push } = reader();
      const numbered = lines.map((one, i) => `${one} #${i}`);
      push(...numbered.slice(0, settled));
      entries.settle(0, true);
      push(...numbered.slice(settled));
      entries.settle(0, true);
      const numbers = given.map((one) => [one.head, ...one.folded].map((text) => Number(text.split('#')[1])));
      expect(numbers.flat().sort((a, b) => a - b)).toEqual(lines.map((_, i) => i));
      const heads = numbers.map(([first]) => first);
      expect(heads).toEqual([...heads].sort((a = 0, b = 0) => a - b));
      expect(entries.entriesGiven).toBe(given.length);
    }),
  );
});
