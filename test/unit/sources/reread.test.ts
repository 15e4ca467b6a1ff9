import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
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
import type { Reread } from '../../../src/sources/reread.ts';

/** Long ago: the files' own times are those of the machine. */
const T0 = Date.UTC(2024, 10, 21, 12);

/** Line `n`, stamped so many seconds after T0. */
function line(n: number, second: number, duration = ' 5000'): string {
  const stamp = new Date(T0 + second * 1000).toISOString();
  const [date, time] = [`${stamp.slice(8, 10)}/Nov/2024`, stamp.slice(11, 19)];
  return `10.0.0.1 - - [${date}:${time} +0000] "GET /n/${n} HTTP/1.1" 200 12 "-" "-"${duration}\n`;
}

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gtop-reread-'));
  path = join(folder, 'access.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A log that is followed. */
async function watch(options: { sinceMs?: number; siblings?: boolean; fromStart?: boolean } = {}) {
  // What lies there was made before: file systems tell times in steps of some milliseconds.
  const madeBy = Date.now() + 20;
  while (Date.now() < madeBy);
  const first: number[] = [];
  const log = await openAccessLog(
    {
      path,
      format: 'auto',
      backend: 'generations',
      fromStart: options.fromStart ?? false,
      sinceMs: options.sinceMs ?? T0,
      siblings: options.siblings ?? false,
    },
    (record) => first.push(Number(record.path?.split('/')[2])),
  );
  let nowMs = T0 + 10_000_000;
  const read = async (): Promise<void> => {
    nowMs += 100;
    while (log.poll(nowMs));
    while (await log.readHistory(nowMs));
    log.settle(nowMs, false);
  };
  /** Old generations are let go. */
  const wait = async (): Promise<void> => {
    for (let time = 0; time < 2; time++) {
      nowMs += 3000;
      await read();
    }
  };
  return { log, first, read, wait };
}

/** Reads again what was read; `sinceSeconds` one after the other, as far back as all in the end. */
async function readAgain(reread: Reread | null, sink: { numbers: number[] }, ...sinceSeconds: number[]) {
  if (reread === null) throw new Error('cannot be read again');
  const parts: { numbers: readonly number[]; coveredFromMs: number }[] = [];
  for (const second of [...sinceSeconds, Number.NEGATIVE_INFINITY]) {
    while (await reread.step(T0 + second * 1000));
    parts.push({ numbers: [...sink.numbers], coveredFromMs: reread.coveredFromMs });
  }
  reread.close();
  return parts;
}

function sinkOf() {
  const numbers: number[] = [];
  const seconds: number[] = [];
  return {
    numbers,
    seconds,
    keepRaw: false,
    access: (record: { path: string | null; seconds: number }) => {
      numbers.push(Number(record.path?.split('/')[2]));
      seconds.push(record.seconds);
    },
    error: () => {},
    app: () => {},
  };
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
const lines = (from: number, to: number): string =>
  range(from, to)
    .map((n) => line(n, n))
    .join('');

describe('a log that is read again', () => {
  it('gives what was read, the newest first, and nothing that comes later', async () => {
    writeFileSync(path, lines(0, 5000));
    const { log, read, first } = await watch();
    await read();
    appendFileSync(path, lines(5000, 5100));
    await read();
    const sink = sinkOf();
    const reread = log.reread(sink);
    appendFileSync(path, lines(5100, 5200));
    await read();
    const [newest, more, all] = await readAgain(reread, sink, 5000, 2500);
    expect(newest).toEqual({ numbers: range(5000, 5100), coveredFromMs: T0 + 5_000_000 });
    expect(sorted(more.numbers)).toEqual(range(2500, 5100));
    expect(sorted(all.numbers)).toEqual(range(0, 5100));
    expect(all.coveredFromMs).toBe(Number.NEGATIVE_INFINITY);
    expect(sorted(first)).toEqual(range(0, 5200));
    log.close();
  });

  it('ends before a line that is half written', async () => {
    writeFileSync(path, lines(0, 10) + line(10, 10).slice(0, 50));
    const { log, read, first } = await watch();
    await read();
    const sink = sinkOf();
    const reread = log.reread(sink);
    appendFileSync(path, line(10, 10).slice(50));
    await read();
    const [all] = await readAgain(reread, sink);
    expect(all.numbers).toEqual(range(0, 10));
    expect(first).toEqual(range(0, 11));
    log.close();
  });

  it('leaves out what was not read the first time', async () => {
    writeFileSync(path, lines(0, 1000));
    writeFileSync(`${path}.1`, lines(-500, 0));
    const { log, read } = await watch({ sinceMs: T0 + 400_000 });
    await read();
    const sink = sinkOf();
    const [all] = await readAgain(log.reread(sink), sink);
    expect(sorted(all.numbers)).toEqual(range(400, 1000));
    log.close();
  });

  it('goes back over siblings where they were read, compressed ones too', async () => {
    writeFileSync(`${path}.2.gz`, gzipSync(lines(0, 300)));
    writeFileSync(`${path}.1`, lines(300, 600));
    utimesSync(`${path}.2.gz`, T0 / 1000 + 300, T0 / 1000 + 300);
    utimesSync(`${path}.1`, T0 / 1000 + 600, T0 / 1000 + 600);
    writeFileSync(path, lines(600, 900));
    const { log, read, first } = await watch({ sinceMs: T0 + 100_000, siblings: true });
    await read();
    const sink = sinkOf();
    const parts = await readAgain(log.reread(sink), sink, 650, 350);
    expect(sorted(parts[0].numbers)).toEqual(range(650, 900));
    expect(sorted(parts[2].numbers)).toEqual(sorted(first));
    expect(sorted(parts[2].numbers)).toEqual(range(100, 900));
    log.close();
  });

  it('takes the unit that was found out, also where the lines read again would not tell', async () => {
    const durations = (from: number, to: number, micros: number) =>
      range(from, to)
        .map((n) => line(n, n, ` ${micros}`))
        .join('');
    writeFileSync(path, durations(0, 200, 4000) + durations(200, 400, 7));
    const { log, read } = await watch();
    await read();
    const sink = sinkOf();
    const reread = log.reread(sink);
    while (await reread?.step(T0 + 200_000));
    expect(new Set(sink.seconds)).toEqual(new Set([7e-6]));
    log.close();
  });

  it('counts a line once that the logging configuration doubled', async () => {
    const doubled = range(0, 3000).map(
      (n) => `${line(n, Math.floor(n / 7))}[2026-11-21 02:04:13 +0000] [7] [INFO] ${line(n, Math.floor(n / 7))}`,
    );
    writeFileSync(path, doubled.join(''));
    const { log, read, first } = await watch();
    await read();
    expect(sorted(first)).toEqual(range(0, 3000));
    const sink = sinkOf();
    const parts = await readAgain(log.reread(sink), sink, 300, 100, 50);
    expect(sorted(parts[3].numbers)).toEqual(range(0, 3000));
    log.close();
  });

  it('says how far back it reaches where a generation is gone', async () => {
    writeFileSync(path, lines(0, 100));
    const { log, read, wait } = await watch();
    await read();
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(100, 200));
    await wait();
    unlinkSync(`${path}.1`);
    const sink = sinkOf();
    const [all] = await readAgain(log.reread(sink), sink);
    expect(all).toEqual({ numbers: range(100, 200), coveredFromMs: T0 + 100_000 });
    log.close();
  });

  it('says how far back it reaches where a truncation left no copy', async () => {
    writeFileSync(path, lines(0, 100));
    const { log, read } = await watch();
    await read();
    truncateSync(path);
    await read();
    appendFileSync(path, lines(100, 150));
    await read();
    const sink = sinkOf();
    const [all] = await readAgain(log.reread(sink), sink);
    expect(all).toEqual({ numbers: range(100, 150), coveredFromMs: T0 + 100_000 });
    log.close();
  });

  it('does not pretend where lines have no time', async () => {
    writeFileSync(
      path,
      range(0, 50)
        .map((n) => `GET /n/${n} 200\n`)
        .join(''),
    );
    const log = await openAccessLog(
      { path, format: '%(m)s %(U)s %(s)s', backend: 'generations', fromStart: true, sinceMs: T0 },
      () => {},
    );
    while (log.poll(T0));
    const sink = sinkOf();
    const [all] = await readAgain(log.reread(sink), sink);
    expect(all).toEqual({ numbers: [], coveredFromMs: Number.POSITIVE_INFINITY });
    log.close();
  });

  it('cannot be had of standard input or the package tail', async () => {
    const log = await openAccessLog(
      { path: '-', format: 'auto', backend: 'generations', fromStart: true, sinceMs: T0 },
      () => {},
    );
    expect(log.reread(sinkOf())).toBeNull();
    log.close();
  });
});

describe('an error log that is read again', () => {
  const entry = (n: number, second: number): string => {
    const at = new Date(T0 + second * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return `[${at} +0000] [7] [ERROR] error ${n}\nTraceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: ${n}\n`;
  };

  it('gives each entry once, the newest of which was not handed on yet', async () => {
    path = join(folder, 'error.log');
    writeFileSync(
      path,
      range(0, 100)
        .map((n) => entry(n, n))
        .join(''),
    );
    const first: string[] = [];
    const log = await openErrorLog({ path, backend: 'generations', fromStart: false, sinceMs: T0 }, (each) => {
      first.push(each.message);
    });
    while (log.poll(T0));
    const handedOn = [...first];
    expect(handedOn).toHaveLength(99);
    const again: string[] = [];
    const reread = log.reread({
      ...sinkOf(),
      error: (each) => again.push(`${each.message} ${each.traceback?.split('\n').length}`),
    });
    while (await reread?.step(T0 + 50_000));
    while (await reread?.step(Number.NEGATIVE_INFINITY));
    reread?.close();
    expect([...again].sort()).toEqual(handedOn.map((message) => `${message} 3`).sort());
    log.finish(T0 + 1000);
    expect(first).toHaveLength(100);
    log.close();
  });
});

describe('whatever happened to the files', () => {
  type Step = 'write' | 'rotate' | 'copytruncate' | 'compress' | 'read' | 'wait' | 'half';

  function shift(): void {
    for (let n = 6; n > 0; n--) {
      for (const ending of ['', '.gz']) {
        if (existsSync(`${path}.${n}${ending}`)) renameSync(`${path}.${n}${ending}`, `${path}.${n + 1}${ending}`);
      }
    }
  }

  function compress(): void {
    for (let n = 7; n > 0; n--) {
      const name = `${path}.${n}`;
      if (!existsSync(name)) continue;
      const { atimeMs, mtimeMs } = statSync(name);
      writeFileSync(`${name}.gz`, gzipSync(readFileSync(name)));
      utimesSync(`${name}.gz`, atimeMs / 1000, mtimeMs / 1000);
      unlinkSync(name);
      return;
    }
  }

  it('what is read again is what was read, or it says what is missing', async () => {
    const step = fc.constantFrom<Step>(
      'write',
      'write',
      'write',
      'read',
      'read',
      'wait',
      'rotate',
      'copytruncate',
      'compress',
      'half',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 14 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 3 }),
        async (steps, stages) => {
          rmSync(folder, { recursive: true, force: true });
          folder = mkdtempSync(join(tmpdir(), 'gtop-reread-'));
          path = join(folder, 'access.log');
          let n = 0;
          let half = '';
          const write = (count: number): void => {
            const text = lines(n, n + count);
            appendFileSync(path, half + text);
            half = '';
            n += count;
          };
          write(30);
          const { log, first, read, wait } = await watch({ sinceMs: T0 + 10_000 });
          await read();
          for (const each of steps) {
            if (each === 'write') write(10);
            else if (each === 'read') await read();
            else if (each === 'wait') await wait();
            else if (each === 'half' && half === '') {
              appendFileSync(path, line(n, n).slice(0, 20));
              half = line(n, n).slice(20);
              n += 1;
            } else if (half === '' && each !== 'half') {
              // Rotated when everything was read: what a truncation takes unread is another matter.
              await read();
              if (each === 'rotate') {
                shift();
                renameSync(path, `${path}.1`);
                writeFileSync(path, '');
              } else if (each === 'copytruncate') {
                shift();
                copyFileSync(path, `${path}.1`);
                truncateSync(path);
                await read();
              } else compress();
            }
          }
          await read();
          const handedOn = sorted(first);
          const sink = sinkOf();
          const reread = log.reread(sink);
          write(5);
          await read();
          const parts = await readAgain(reread, sink, ...sorted(stages).reverse());
          log.close();
          for (const { numbers, coveredFromMs } of parts) {
            expect(new Set(numbers).size).toBe(numbers.length);
            const covered = handedOn.filter((each) => T0 + each * 1000 >= coveredFromMs);
            expect(sorted(numbers).filter((each) => T0 + each * 1000 >= coveredFromMs)).toEqual(covered);
          }
          // Nothing is deleted here: all of it is found, unless it cannot be told whether a copy is missing.
          const isClear = !(steps.includes('rotate') && steps.includes('copytruncate'));
          if (isClear) expect(sorted(parts.at(-1)?.numbers ?? [])).toEqual(handedOn);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});
