import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccessLog, openErrorLog } from '../../../src/sources/logs.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 13);
const MONTH = 'Nov';

/** Line `n`, stamped so many seconds before now. */
function line(n: number, secondsAgo: number, rest = ''): string {
  const at = new Date(NOW_MS - secondsAgo * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  const stamp = `${two(at.getUTCDate())}/${MONTH}/2026:${time} +0000`;
  return `10.0.0.1 - - [${stamp}] "GET /n/${n}${rest} HTTP/1.1" 200 12 "-" "-" 5000\n`;
}

/** Lines numbered from `first`, a line every `every` seconds, the newest `until` seconds ago. */
function lines(first: number, count: number, newest: number, every = 1): string {
  let text = '';
  for (let index = 0; index < count; index++) text += line(first + index, newest + (count - 1 - index) * every);
  return text;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gtop-history-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function open(path: string, options: { sinceSeconds: number; siblings?: boolean }) {
  const numbers: number[] = [];
  const live: number[] = [];
  const log = await openAccessLog(
    {
      path,
      format: 'auto',
      backend: 'generations',
      fromStart: false,
      sinceMs: NOW_MS - options.sinceSeconds * 1000,
      siblings: options.siblings ?? false,
    },
    (record, arrivalMs) => {
      const n = Number(record.path?.split('/')[2]);
      (Number.isNaN(arrivalMs) ? numbers : live).push(n);
    },
  );
  return { log, numbers, live };
}

async function readOn(log: Awaited<ReturnType<typeof open>>['log']): Promise<void> {
  while (log.poll(NOW_MS));
  while (await log.readHistory(NOW_MS));
  log.settle(NOW_MS, true);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

describe('the history of a log', () => {
  it('hands on the newest lines at the first look and all others after it, each once', async () => {
    const path = join(folder, 'access.log');
    writeFileSync(path, lines(0, 3000, 1));
    const { log, numbers, live } = await open(path, { sinceSeconds: 10_000 });
    log.poll(NOW_MS);
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.length).toBeLessThan(1500);
    expect(numbers.at(-1)).toBe(2999);
    expect(log.fact()).toMatchObject({ state: 'reading' });
    await readOn(log);
    expect(sorted(numbers)).toEqual(range(0, 3000));
    expect(live).toEqual([]);
    const { size } = (await import('node:fs')).statSync(path);
    expect(log.fact()).toMatchObject({ state: 'live', linesRead: 3000, bytesRead: size, lagBytes: 0 });
    appendFileSync(path, line(3000, 0));
    log.poll(NOW_MS);
    expect(live).toEqual([3000]);
    log.close();
  });

  it('is whole wherever the newest lines begin', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(0, 0.05, 1, 7),
        fc.integer({ min: 1, max: 7000 }),
        async (count, padding, every, sinceSeconds) => {
          const path = join(folder, 'access.log');
          const all = range(0, count).map((n) => ({ n, ago: 1 + (count - 1 - n) * every }));
          writeFileSync(path, all.map(({ n, ago }) => line(n, ago, `?${'x'.repeat(padding)}`)).join(''));
          const { log, numbers } = await open(path, { sinceSeconds });
          await readOn(log);
          log.close();
          // Stamps are whole seconds.
          const wanted = all.filter(
            ({ ago }) => Math.floor((NOW_MS - ago * 1000) / 1000) * 1000 >= NOW_MS - sinceSeconds * 1000,
          );
          expect(sorted(numbers)).toEqual(wanted.map(({ n }) => n));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('loses nothing when the log is rotated before it is read', async () => {
    const path = join(folder, 'access.log');
    writeFileSync(path, lines(0, 3000, 1));
    const { log, numbers, live } = await open(path, { sinceSeconds: 10_000 });
    log.poll(NOW_MS);
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(3000, 10, 0, 0));
    await readOn(log);
    expect(sorted([...numbers, ...live])).toEqual(range(0, 3010));
    log.close();
  });

  it('reads entries of an error log that are mixed in in their order', async () => {
    const path = join(folder, 'both.log');
    const entry = '[2026-11-21 12:30:00 +0000] [7] [INFO] Booting worker with pid: 7\n';
    writeFileSync(path, lines(0, 2000, 100) + entry + lines(2000, 50, 1));
    const { log, numbers } = await open(path, { sinceSeconds: 10_000 });
    await readOn(log);
    expect(numbers).toEqual(range(0, 2050));
    log.close();
  });
});

describe('history over siblings', () => {
  /** Four generations: 4000 lines, one a second. */
  function rotate(path: string): void {
    const generations = [
      { name: `${path}.3.gz`, first: 0, compressed: true },
      { name: `${path}.2.gz`, first: 1000, compressed: true },
      { name: `${path}.1`, first: 2000, compressed: false },
      { name: path, first: 3000, compressed: false },
    ];
    for (const { name, first, compressed } of generations) {
      const newest = 4000 - first - 1000;
      const text = lines(first, 1000, newest);
      writeFileSync(name, compressed ? gzipSync(text) : text);
      const at = NOW_MS / 1000 - newest;
      utimesSync(name, at, at);
    }
  }

  it.each([
    [500, 3499],
    [1500, 2499],
    [2500, 1499],
    [3500, 499],
    [90_000, 0],
  ])('reaches %d seconds back, from line %d on', async (sinceSeconds, first) => {
    const path = join(folder, 'access.log');
    rotate(path);
    const { log, numbers } = await open(path, { sinceSeconds, siblings: true });
    await readOn(log);
    expect(sorted(numbers)).toEqual(range(first, 4000));
    expect(log.fact()).toMatchObject({ linesRead: 4000 - first, linesRejected: 0 });
    log.close();
  });

  it('stops at the log itself when siblings are not asked for', async () => {
    const path = join(folder, 'access.log');
    rotate(path);
    const { log, numbers } = await open(path, { sinceSeconds: 90_000 });
    await readOn(log);
    expect(sorted(numbers)).toEqual(range(3000, 4000));
    log.close();
  });

  it('reads what can be unpacked of a damaged file, and a file once that is being compressed', async () => {
    const path = join(folder, 'access.log');
    rotate(path);
    const packed = gzipSync(lines(1000, 1000, 2000), { level: 1 });
    writeFileSync(`${path}.2.gz`, packed.subarray(0, packed.length / 2));
    writeFileSync(`${path}.1.gz`, gzipSync(lines(2000, 1000, 1000)));
    const { log, numbers } = await open(path, { sinceSeconds: 90_000, siblings: true });
    await readOn(log);
    const found = sorted(numbers);
    expect(found.filter((n) => n < 1000 || n >= 2000)).toEqual([...range(0, 1000), ...range(2000, 4000)]);
    expect(found.filter((n) => n >= 1000 && n < 2000).length).toBeGreaterThan(100);
    expect(new Set(found).size).toBe(found.length);
    log.close();
  });

  it('takes files for what is in them, not for how old they are: copied logs are all of today', async () => {
    const path = join(folder, 'access.log');
    rotate(path);
    // The oldest was copied last.
    const names = ['access.log', 'access.log.1', 'access.log.2.gz', 'access.log.3.gz'];
    for (const [index, name] of names.entries()) {
      utimesSync(join(folder, name), NOW_MS / 1000, NOW_MS / 1000 + index);
    }
    const { log, numbers } = await open(path, { sinceSeconds: 1500, siblings: true });
    await readOn(log);
    expect(sorted(numbers)).toEqual(range(2499, 4000));
    log.close();
  });

  it('reads each line once when the logs are rotated before their turn comes', async () => {
    const path = join(folder, 'access.log');
    rotate(path);
    const { log, numbers, live } = await open(path, { sinceSeconds: 90_000, siblings: true });
    log.poll(NOW_MS);
    // As logrotate does with `rotate 3`, `compress` and `delaycompress`.
    unlinkSync(`${path}.3.gz`);
    renameSync(`${path}.2.gz`, `${path}.3.gz`);
    writeFileSync(`${path}.2.gz`, gzipSync(lines(2000, 1000, 1000)));
    unlinkSync(`${path}.1`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(4000, 10, 0, 0));
    await readOn(log);
    expect(sorted([...numbers, ...live])).toEqual(range(0, 4010));
    log.close();
  });

  it('finds them beside the file that the log links to', async () => {
    const target = join(folder, 'data');
    mkdirSync(target);
    rotate(join(target, 'app.log'));
    symlinkSync(join(target, 'app.log'), join(folder, 'access.log'));
    const { log, numbers } = await open(join(folder, 'access.log'), { sinceSeconds: 90_000, siblings: true });
    await readOn(log);
    expect(sorted(numbers)).toEqual(range(0, 4000));
    log.close();
  });

  it('leaves no file open when it is closed before it is done', async () => {
    const path = join(folder, 'access.log');
    rotate(path);
    const openFiles = (): number => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    const { log } = await open(path, { sinceSeconds: 90_000, siblings: true });
    log.poll(NOW_MS);
    expect(openFiles()).toBeGreaterThan(before + 2);
    log.close();
    expect(openFiles()).toBe(before);
  });
});

describe('history over siblings of an error log', () => {
  const stamp = (secondsAgo: number): string =>
    new Date(NOW_MS - secondsAgo * 1000).toISOString().replace('T', ' ').replace('.000Z', ' +0000');
  const entry = (message: string, secondsAgo: number): string => `[${stamp(secondsAgo)}] [7] [ERROR] ${message}\n`;
  const SPLIT = [
    'Traceback (most recent call last):\n  File "app.py", line 1, in run\n',
    '    run()\nValueError: no\n',
  ];

  /** A traceback that the first rotation cut in two, and an entry or two in each generation. */
  function rotate(path: string): void {
    writeFileSync(`${path}.2.gz`, gzipSync(entry('one', 3000) + entry('two', 2900) + SPLIT[0]));
    utimesSync(`${path}.2.gz`, NOW_MS / 1000, NOW_MS / 1000 - 2800);
    writeFileSync(`${path}.1`, SPLIT[1] + entry('three', 2000));
    utimesSync(`${path}.1`, NOW_MS / 1000, NOW_MS / 1000 - 2000);
    writeFileSync(path, entry('four', 10));
  }

  async function openEntries(path: string, sinceSeconds: number, siblings = true) {
    const found: string[] = [];
    const tracebacks: (string | null)[] = [];
    const log = await openErrorLog(
      { path, backend: 'generations', fromStart: false, sinceMs: NOW_MS - sinceSeconds * 1000, siblings },
      ({ message, traceback }) => {
        found.push(message);
        tracebacks.push(traceback);
      },
    );
    return { log, found, tracebacks };
  }

  it('comes in the order in which it was written, before the log itself and what is new in it', async () => {
    const path = join(folder, 'error.log');
    rotate(path);
    const { log, found, tracebacks } = await openEntries(path, 7200);
    expect(log.poll(NOW_MS)).toBe(false);
    expect(found).toEqual([]);
    expect(log.fact().state).toBe('reading');
    appendFileSync(path, entry('five', 0));
    while (await log.readHistory(NOW_MS));
    while (log.poll(NOW_MS));
    log.settle(NOW_MS, false);
    log.settle(NOW_MS + 1000, false);
    expect(found).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(tracebacks).toEqual([null, SPLIT.join('').trimEnd(), null, null, null]);
    expect(log.fact()).toMatchObject({ state: 'live', linesRead: 9, linesRejected: 0 });
    log.close();
  });

  it('is waited for until the last of it is read', async () => {
    const path = join(folder, 'error.log');
    const many = Array.from({ length: 20_000 }, (_, n) => entry(`old ${n}`, 3000)).join('');
    writeFileSync(`${path}.1.gz`, gzipSync(many));
    utimesSync(`${path}.1.gz`, NOW_MS / 1000, NOW_MS / 1000 - 2800);
    writeFileSync(path, entry('new', 10));
    const { log, found } = await openEntries(path, 7200);
    log.poll(NOW_MS);
    const reading = log.readHistory(NOW_MS);
    let isRead = false;
    void reading.then(() => {
      isRead = true;
    });
    // As the engine does: between two pieces of the sibling.
    while (!isRead) {
      log.poll(NOW_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (log.poll(NOW_MS));
    log.settle(NOW_MS, true);
    expect(found).toHaveLength(20_001);
    expect(found.at(-1)).toBe('new');
    log.close();
  });

  it('begins where it is asked to', async () => {
    const path = join(folder, 'error.log');
    rotate(path);
    const { log, found } = await openEntries(path, 2500);
    await readOn(log);
    while (log.poll(NOW_MS));
    log.settle(NOW_MS, true);
    expect(found).toEqual(['three', 'four']);
    log.close();
  });

  it('is not read unless it is asked for', async () => {
    const path = join(folder, 'error.log');
    rotate(path);
    const { log, found } = await openEntries(path, 7200, false);
    await readOn(log);
    expect(found).toEqual(['four']);
    log.close();
  });

  it('loses nothing when the log is rotated before its turn comes', async () => {
    const path = join(folder, 'error.log');
    rotate(path);
    const { log, found } = await openEntries(path, 7200);
    log.poll(NOW_MS);
    renameSync(`${path}.1`, `${path}.2`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, entry('five', 0));
    while (await log.readHistory(NOW_MS));
    while (log.poll(NOW_MS));
    log.settle(NOW_MS, true);
    expect(found).toEqual(['one', 'two', 'three', 'four', 'five']);
    log.close();
  });

  it('comes first for access logs too that hold such entries', async () => {
    const path = join(folder, 'both.log');
    writeFileSync(`${path}.1`, entry('one', 1000) + lines(0, 10, 900));
    utimesSync(`${path}.1`, NOW_MS / 1000, NOW_MS / 1000 - 900);
    writeFileSync(path, entry('two', 100) + lines(10, 10, 1));
    const found: string[] = [];
    const log = await openAccessLog(
      {
        path,
        format: 'auto',
        backend: 'generations',
        fromStart: false,
        sinceMs: NOW_MS - 7_200_000,
        siblings: true,
        onForeign: ({ message }) => found.push(message),
      },
      ({ path: target }) => found.push(target?.split('/')[2] ?? ''),
    );
    log.poll(NOW_MS);
    await readOn(log);
    while (log.poll(NOW_MS));
    log.settle(NOW_MS, true);
    expect(found.filter((each) => /\D/.test(each))).toEqual(['one', 'two']);
    expect(found.filter((each) => /\d/.test(each)).map(Number)).toEqual(range(0, 20));
    log.close();
  });
});
