import { describe, expect, it } from 'vitest';
import {
  mountOf,
  parseCpuModel,
  parseCpuTimes,
  parseInterfaces,
  parseMemoryInfo,
  parseMounts,
  parsePrettyName,
} from '../../../../src/sources/host/proc-files.ts';

it('counts CPU time: guests once, waiting for a disk as idle, stolen time as busy', () => {
  const stat =
    'cpu  100 10 50 1000 40 5 5 30 90 9\ncpu0 50 5 25 500 20 3 2 15 45 4\ncpu1 50 5 25 500 20 2 3 15 45 5\nintr 1 2\n';
  expect(parseCpuTimes(stat)).toEqual({ busy: 200, total: 1240, count: 2 });
  expect(parseCpuTimes('')).toBeNull();
});

describe('/proc/meminfo', () => {
  it('is in KiB', () => {
    const meminfo =
      'MemTotal:       1000 kB\nMemFree:  100 kB\nMemAvailable:    600 kB\nSwapTotal:  50 kB\nSwapFree:   20 kB\n';
    expect(parseMemoryInfo(meminfo)).toEqual({
      totalBytes: 1_024_000,
      availableBytes: 614_400,
      swapUsedBytes: 30 * 1024,
    });
  });

  it('may lack figures', () => {
    expect(parseMemoryInfo('MemTotal:       1000 kB\n')).toEqual({
      totalBytes: 1_024_000,
      availableBytes: null,
      swapUsedBytes: null,
    });
  });
});

it('reads the counters of network interfaces', () => {
  const netDev = [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    '    lo: 5000 10 0 0 0 0 0 0 5000 10 0 0 0 0 0 0',
    '  eth0:345 2 0 0 0 0 0 0 583212 3 0 0 0 0 0 0',
  ].join('\n');
  expect([...parseInterfaces(netDev)]).toEqual([
    ['lo', { received: 5000, sent: 5000 }],
    ['eth0', { received: 345, sent: 583212 }],
  ]);
});

describe('mounts', () => {
  const mounts = parseMounts(
    [
      '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
      '30 22 254:1 / /var rw - xfs /dev/vdb rw',
      '31 22 0:40 / /mnt/my\\040disk rw,nosuid shared:7 master:2 - tmpfs tmp\\040fs rw',
      '32 30 254:2 / /var rw - ext4 /dev/vdc rw',
    ].join('\n'),
  );

  it.each([
    ['/srv/app', '/', '/dev/vda'],
    ['/', '/', '/dev/vda'],
    ['/var/log/a.log', '/var', '/dev/vdc'],
    ['/variable', '/', '/dev/vda'],
    ['/mnt/my disk/x', '/mnt/my disk', 'tmp fs'],
  ])('%s lies on %s', (path, point, device) => {
    expect(mountOf(path, mounts)).toEqual({ point, device });
  });
});

it.each([
  [
    'processor\t: 0\nmodel name\t: AMD EPYC 7763  64-Core Processor \nprocessor\t: 1\n',
    'AMD EPYC 7763 64-Core Processor',
  ],
  ['processor\t: 0\nBogoMIPS\t: 243.75\nCPU part\t: 0xd0c\n', null],
  ['model name\t:\n', null],
])('the CPU of %j', (cpuInfo, model) => {
  expect(parseCpuModel(cpuInfo)).toBe(model);
});

it.each([
  [
    'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    'Debian GNU/Linux 12 (bookworm)',
  ],
  ["PRETTY_NAME='Alpine Linux v3.20'\n", 'Alpine Linux v3.20'],
  ['PRETTY_NAME=Void\n', 'Void'],
  ['PRETTY_NAME="The \\"small\\" one for \\$5"\n', 'The "small" one for $5'],
  ['PRETTY_NAME=""\nNAME=x\n', null],
  ['', null],
])('the operating system of %j', (osRelease, name) => {
  expect(parsePrettyName(osRelease)).toBe(name);
});
