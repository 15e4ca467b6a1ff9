import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  formatAddress,
  formatListener,
  LISTEN,
  parseTcpRow,
  parseUnixTable,
  type TcpRow,
  walkTcp,
} from '../../../../src/sources/gunicorn/sockets.ts';

const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const all = (): boolean => true;

/** One row as the kernel prints it (net/ipv4/tcp_ipv4.c). */
function row(number: number, local: string, remote: string, state: string, queue: string, inode: number): string {
  const text = `${String(number).padStart(4)}: ${local} ${remote} ${state} 00000000:${queue} 00:00000000 00000000     0        0 ${inode} 1 00000000645b12e6 100 0 0 10 0`;
  return `${text.padEnd(149)}\n`;
}

const listening = row(0, '0100007F:490E', '00000000:0000', '0A', '00000008', 12381);
const held = row(10_000, '0100007F:490F', '0100007F:87BA', '01', '00000000', 11837);
const parse = (line: string): TcpRow | null => parseTcpRow(Buffer.from(line), 0, line.length, all);

describe('a row of /proc/net/tcp', () => {
  it('tells of a listening socket and its queue', () => {
    expect(parse(listening)).toEqual({
      localAddress: '0100007F',
      localPort: 18_702,
      remoteAddress: '00000000',
      state: LISTEN,
      receiveQueue: 8,
      inode: 12381,
    });
  });

  it('has its columns behind the first colon, however long the number before it is', () => {
    expect(parse(held)).toMatchObject({ localPort: 18_703, remoteAddress: '0100007F', state: 1, inode: 11837 });
  });

  it('is as good in tcp6', () => {
    const line = row(1, `${'0'.repeat(32)}:1F90`, `${'0'.repeat(16)}FFFF00000100007F:D431`, '08', '00000000', 77);
    expect(parse(line)).toMatchObject({ localPort: 8080, state: 8, inode: 77 });
  });

  it('is not looked at closely when it is not wanted', () => {
    expect(parseTcpRow(Buffer.from(held), 0, held.length, (port, state) => port === 1 && state === 1)).toBeNull();
  });

  it('is nothing when it is something else', () => {
    fc.assert(fc.property(fc.string(), (text) => parse(text) === null));
    expect(parse(`${HEADER}\n`)).toBeNull();
  });
});

describe('a table', () => {
  let dir: string;
  let path: string;
  const rows = [
    listening,
    ...Array.from({ length: 3000 }, (_, index) =>
      row(index + 1, '0100007F:490F', '0100007F:87BA', '01', '00000000', index + 1),
    ),
  ];

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'gtop-tcp-'));
    path = join(dir, 'tcp');
    writeFileSync(path, `${HEADER.padEnd(149)}\n${rows.join('')}`);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each([1, 149, 150, 300, 4096, 65_536, Number.MAX_SAFE_INTEGER])(
    'is read whole in pieces, the first of %d bytes',
    (first) => {
      const inodes: number[] = [];
      const consumed = walkTcp(path, first, all, ({ inode }) => {
        inodes.push(inode);
        return true;
      });
      expect(consumed).toBe(150 * (rows.length + 1));
      expect(inodes).toEqual([12381, ...Array.from({ length: 3000 }, (_, index) => index + 1)]);
    },
  );

  it('is read no further than the visitor wants', () => {
    expect(walkTcp(path, 4096, all, ({ state }) => state !== LISTEN)).toBe(300);
  });

  it('may be missing', () => {
    expect(walkTcp(join(dir, 'tcp6'), 4096, all, all)).toBeNull();
  });
});

it('reads /proc/net/unix, with blanks in paths', () => {
  const table = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '00000000bf8e8550: 00000003 00000000 00000000 0001 03 14887',
    '0000000000000000: 00000002 00000000 00010000 0001 01 20001 /run/my app/g.sock',
    '0000000000000000: 00000002 00000000 00000000 0001 02     0 /run/my app/g.sock',
    '0000000000000000: 00000003 00000000 00000000 0001 03 20002 @abstract',
  ].join('\n');
  expect(parseUnixTable(table)).toEqual([
    { isListening: true, state: 1, inode: 20001, path: '/run/my app/g.sock' },
    { isListening: false, state: 2, inode: 0, path: '/run/my app/g.sock' },
    { isListening: false, state: 3, inode: 20002, path: '@abstract' },
  ]);
});

/** As the kernel prints the bytes of an address: words of the machine's own order. */
function asTable(bytes: readonly number[]): string {
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const four = bytes.slice(at, at + 4).map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
    words.push((endianness() === 'LE' ? four.reverse() : four).join(''));
  }
  return words.join('');
}

describe('addresses', () => {
  it.each([
    [[127, 0, 0, 1], '127.0.0.1'],
    [[0, 0, 0, 0], '0.0.0.0'],
    [Array(16).fill(0), '::'],
    [[...Array(15).fill(0), 1], '::1'],
    [[0xfe, 0x80, ...Array(13).fill(0), 1], 'fe80::1'],
    [[...Array(10).fill(0), 255, 255, 10, 1, 2, 3], '10.1.2.3'],
    [[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], '2001:db8:0:1::1'],
  ])('%j', (bytes, text) => {
    expect(formatAddress(asTable(bytes))).toBe(text);
  });

  it('of listeners read as --bind takes them', () => {
    expect(formatListener(asTable([0, 0, 0, 0]), 80)).toBe('0.0.0.0:80');
    expect(formatListener(asTable(Array(16).fill(0)), 8000)).toBe('[::]:8000');
  });
});
