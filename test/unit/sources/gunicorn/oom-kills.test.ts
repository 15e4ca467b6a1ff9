import { expect, it } from 'vitest';
import { candidates, parseOomKills } from '../../../../src/sources/gunicorn/oom-kills.ts';

it('looks where the control group of the process keeps its count', () => {
  expect(candidates('0::/system.slice/shop.service\n')).toEqual([
    '/sys/fs/cgroup/system.slice/shop.service/memory.events',
    '/proc/vmstat',
  ]);
  expect(candidates('9:cpu,cpuacct:/x\n4:memory:/docker/abc\n0::/\n')).toEqual([
    '/sys/fs/cgroup/memory/docker/abc/memory.oom_control',
    '/proc/vmstat',
  ]);
  expect(candidates('0::/\n')).toEqual(['/proc/vmstat']);
  expect(candidates('0::/../other\n')).toEqual(['/proc/vmstat']);
});

it('reads the count from any of the three files', () => {
  expect(parseOomKills('low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n')).toBe(2);
  expect(parseOomKills('oom_kill_disable 0\nunder_oom 0\noom_kill 5\n')).toBe(5);
  expect(parseOomKills('nr_free_pages 1\n')).toBeNull();
});
