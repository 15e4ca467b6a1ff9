import { describe, expect, it } from 'vitest';
import { candidates, OomKillCounter, parseOomKills } from '../../../../src/sources/gunicorn/oom-kills.ts';

it('looks where the control group of the process keeps its count', () => {
  expect(candidates('0::/system.slice/shop.service\n')).toEqual([
    '/sys/fs/cgroup/system.slice/shop.service/memory.events',
    '/proc/vmstat',
  ]);
  expect(candidates('9:cpu,cpuacct:/x\n4:memory:/docker/abc\n')).toEqual([
    '/sys/fs/cgroup/memory/docker/abc/memory.oom_control',
    '/sys/fs/cgroup/memory/memory.oom_control',
    '/proc/vmstat',
  ]);
  expect(candidates('0::/../other\n')).toEqual(['/proc/vmstat']);
});

it('looks at its own group in a container, where that is the root', () => {
  expect(candidates('0::/\n')).toEqual(['/sys/fs/cgroup/memory.events', '/proc/vmstat']);
});

it('reads the count from any of the three files', () => {
  expect(parseOomKills('low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n')).toBe(2);
  expect(parseOomKills('oom_kill_disable 0\nunder_oom 0\noom_kill 5\n')).toBe(5);
  expect(parseOomKills('nr_free_pages 1\n')).toBeNull();
});

describe('counting kills over time', () => {
  const shop = '/sys/fs/cgroup/shop/memory.events';
  const start = (counts: Readonly<Record<string, number>>) => {
    const files = new Map<string, string>();
    const write = (changes: Readonly<Record<string, number>>): void => {
      for (const [path, count] of Object.entries(changes)) files.set(path, `oom_kill ${count}\n`);
    };
    files.set('/proc/100/cgroup', '0::/shop\n');
    write(counts);
    return { files, write, counter: new OomKillCounter((path) => files.get(path) ?? null) };
  };
  const rise = (before: number | null, now: number | null): number => (now ?? Number.NaN) - (before ?? Number.NaN);

  it('counts those of the group, and not the rest of the machine', () => {
    const { write, counter } = start({ [shop]: 3, '/proc/vmstat': 40 });
    const first = counter.look(100);
    write({ [shop]: 4, '/proc/vmstat': 45 });
    expect(rise(first, counter.look(100))).toBe(1);
  });

  it('goes on when the master is gone', () => {
    const { files, write, counter } = start({ [shop]: 0, '/proc/vmstat': 40 });
    const first = counter.look(100);
    files.delete('/proc/100/cgroup');
    write({ [shop]: 2, '/proc/vmstat': 42 });
    expect(rise(first, counter.look(null))).toBe(2);
  });

  it('asks the machine about the moment in which the group went as well, and no further', () => {
    const { files, write, counter } = start({ [shop]: 0, '/proc/vmstat': 40 });
    const first = counter.look(100);
    files.delete('/proc/100/cgroup');
    files.delete(shop);
    write({ '/proc/vmstat': 41 });
    expect(rise(first, counter.look(null))).toBe(1);
    write({ '/proc/vmstat': 44 });
    expect(counter.look(null)).toBeNull();
  });

  it('takes no old kills of the group that a successor is put in for new ones', () => {
    const { files, write, counter } = start({ [shop]: 0, '/proc/vmstat': 40 });
    const first = counter.look(100);
    files.set('/proc/200/cgroup', '0::/shop-2\n');
    write({ '/sys/fs/cgroup/shop-2/memory.events': 7 });
    expect(rise(first, counter.look(200))).toBe(0);
    write({ '/sys/fs/cgroup/shop-2/memory.events': 8 });
    expect(rise(first, counter.look(200))).toBe(1);
  });

  it('is silent where nothing can be read', () => {
    expect(new OomKillCounter(() => null).look(100)).toBeNull();
  });
});
