import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readGroupLimits } from '../../../../src/sources/gunicorn/group-limits.ts';
import { cleanUp, temporaryFolder } from '../../../support/cleanup.ts';

afterEach(cleanUp);

/** A mount of control groups that holds these files. */
function mount(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${content}\n`);
  }
  return folder;
}

const NONE = { cpus: null, memoryBytes: null };

describe('limits of control groups', () => {
  it('are the narrowest on the way up (v2)', () => {
    const files = {
      'a/b/cpu.max': '400000 100000',
      'a/b/memory.max': 'max',
      'a/cpu.max': '150000 100000',
      'a/memory.max': '536870912',
      'cpu.max': 'max 100000',
    };
    expect(readGroupLimits('0::/a/b\n', mount(files))).toEqual({ cpus: 1.5, memoryBytes: 536_870_912 });
  });

  it('come from two controllers (v1), of which one may be named together with another', () => {
    const files = {
      'cpu/docker/x/cpu.cfs_quota_us': '50000',
      'cpu/docker/x/cpu.cfs_period_us': '100000',
      'cpu/cpu.cfs_quota_us': '-1',
      'cpu/cpu.cfs_period_us': '100000',
      'memory/docker/x/memory.limit_in_bytes': '268435456',
      'memory/memory.limit_in_bytes': '9223372036854771712',
    };
    const groups = '4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x\n0::/\n';
    expect(readGroupLimits(groups, mount(files))).toEqual({ cpus: 0.5, memoryBytes: 268_435_456 });
  });

  it('in a container are those of the root that it sees', () => {
    const files = { 'cpu.max': '200000 100000', 'memory.max': '1073741824' };
    for (const path of ['/', '/docker/not/visible/here', '/../../other']) {
      expect(readGroupLimits(`0::${path}\n`, mount(files))).toEqual({ cpus: 2, memoryBytes: 1_073_741_824 });
    }
  });

  it.each([
    ['no group', ''],
    ['no limit', '0::/a\n'],
    ['rubbish', '0:x\n\u0000'],
  ])('are not known, or none: %s', (_, groups) => {
    const files = { 'a/cpu.max': 'max 100000', 'a/memory.max': 'max', 'cpu.max': 'x', 'memory.max': '-5' };
    expect(readGroupLimits(groups, mount(files))).toEqual(NONE);
  });
});
