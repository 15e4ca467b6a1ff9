import { describe, expect, it } from 'vitest';
import {
  isRunning,
  parseAuxiliaryVector,
  parseBootTime,
  parseRollup,
  parseStat,
  readChildren,
  readKernelUnits,
  readStat,
  readStrings,
  refineBootTime,
  socketInode,
} from '../../../../src/sources/gunicorn/proc.ts';

/** Fields 3 to 52 of a real worker; the first is its state. */
const FIELDS =
  'S 7075 7040 7040 0 -1 4194624 3306 0 0 0 41 13 0 0 20 0 3 0 178424 182005760 4889 18446744073709551615 1 1 0 0 0 0 0 16781312 134235650 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0';

describe('/proc/PID/stat', () => {
  it('is read by position', () => {
    expect(parseStat(`7081 (gunicorn) ${FIELDS}\n`)).toEqual({
      comm: 'gunicorn',
      state: 'S',
      parentPid: 7075,
      cpuTicks: 54,
      threads: 3,
      startTicks: 178424,
      vmsBytes: 182005760,
      rssPages: 4889,
    });
  });

  it.each(['a b', ') S 1 (', 'x) Z 2 2', '((', '\n', 'gunicorn: worke'])('is not misled by the name %j', (comm) => {
    expect(parseStat(`7081 (${comm}) ${FIELDS}`)).toMatchObject({
      comm,
      state: 'S',
      parentPid: 7075,
      startTicks: 178424,
    });
  });

  it.each(['', '7081', '7081 (gunicorn', '7081 (gunicorn) S 1 2'])('is null when cut short: %j', (text) => {
    expect(parseStat(text)).toBeNull();
  });

  it('tells a zombie from a process that runs', () => {
    expect(['R', 'S', 'D', 'T', 'I'].every(isRunning)).toBe(true);
    expect(['Z', 'X', 'x'].some(isRunning)).toBe(false);
  });
});

describe('/proc/PID/smaps_rollup', () => {
  const rollup = [
    '562b7d63f000-7ffc3f5a9000 ---p 00000000 00:00 0                          [rollup]',
    'Rss:               24692 kB',
    'Pss:                9542 kB',
    'Pss_Dirty:          6112 kB',
    'Shared_Clean:       9012 kB',
    'Private_Clean:       316 kB',
    'Private_Dirty:      4000 kB',
    'Swap:                  0 kB',
  ];

  it('gives PSS and USS in bytes', () => {
    expect(parseRollup(rollup.join('\n'))).toEqual({ pssBytes: 9542 * 1024, ussBytes: 4316 * 1024 });
  });

  it('is unknown when a line is missing', () => {
    expect(parseRollup(rollup.filter((line) => !line.startsWith('Pss:')).join('\n'))).toBeNull();
    expect(parseRollup('')).toBeNull();
  });
});

it('reads socket inodes from descriptors', () => {
  expect(socketInode('socket:[12377]')).toBe(12377);
  expect(socketInode('pipe:[12377]')).toBe(0);
  expect(socketInode('/srv/socket:[1]')).toBe(0);
});

describe('units of the kernel', () => {
  it.each([true, false])('come from the auxiliary vector, little-endian: %s', (littleEndian) => {
    const vector = Buffer.alloc(64);
    const words = [33n, 4096n, 6n, 65536n, 17n, 1024n, 0n, 0n];
    words.forEach((word, index) => {
      if (littleEndian) vector.writeBigUInt64LE(word, index * 8);
      else vector.writeBigUInt64BE(word, index * 8);
    });
    expect(parseAuxiliaryVector(vector, littleEndian)).toEqual({ pageBytes: 65536, ticksPerSecond: 1024 });
  });

  it('are those of x86-64 without one', () => {
    expect(parseAuxiliaryVector(Buffer.alloc(0), true)).toEqual({ pageBytes: 4096, ticksPerSecond: 100 });
  });

  it('count from the boot', () => {
    expect(parseBootTime('cpu  1 2 3\nintr 4\nctxt 5\nbtime 1795233594\nprocesses 6\n')).toBe(1_795_233_594_000);
    expect(parseBootTime('')).toBeNaN();
  });

  it('place this process in time', () => {
    const { bootMs, ticksPerSecond } = readKernelUnits();
    const startedAtMs = bootMs + ((readStat(process.pid)?.startTicks ?? 0) / ticksPerSecond) * 1000;
    expect(Math.abs(startedAtMs - (Date.now() - process.uptime() * 1000))).toBeLessThan(3000);
  });

  it('know the boot to a hundredth of a second, but where a container shows an uptime of its own', () => {
    expect(refineBootTime(1_795_233_594_000, 1_795_233_594_870)).toBe(1_795_233_594_870);
    expect(refineBootTime(1_795_233_594_000, 1_795_300_000_000)).toBe(1_795_233_594_000);
    expect(refineBootTime(Number.NaN, 1_795_233_594_870)).toBeNaN();
  });
});

describe('a process that is not there', () => {
  const nobody = 4_194_305;
  it('has nothing to read', () => {
    expect(readStat(nobody)).toBeNull();
    expect(readChildren(nobody)).toEqual([]);
    expect(readStrings(`/proc/${nobody}/cmdline`)).toBeNull();
  });
});
