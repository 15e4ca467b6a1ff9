import { statfsSync } from 'node:fs';
import { cpus, hostname, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHostSampler, readHostFacts } from '../../../../src/sources/host/index.ts';
import { Growth } from '../../../../src/sources/host/rates.ts';

describe.each(['proc', 'portable'] as const)('the host, by the %s sampler', (mode) => {
  it('is known at once but for what needs two looks', async () => {
    const missing = join(tmpdir(), 'not-there-yet', 'access.log');
    const sampler = await createHostSampler({ mode, paths: [tmpdir(), missing] });
    const first = await sampler.sample(1_000_000);
    expect(first).toMatchObject({ atMs: 1_000_000, cpuPercent: null, networkReceivedBytesPerSecond: null });
    expect(first.cpuCount).toBe(cpus().length);
    expect(first.loadAverage).toHaveLength(3);
    expect(Math.abs((first.memoryTotalBytes ?? 0) / totalmem() - 1)).toBeLessThan(0.01);
    expect((first.memoryUsedBytes ?? 0) + (first.memoryAvailableBytes ?? 0)).toBe(first.memoryTotalBytes);

    // Both paths lie on one disk.
    expect(first.disks).toHaveLength(1);
    const { blocks, bfree, bavail, bsize } = statfsSync(tmpdir());
    expect(first.disks[0]?.totalBytes).toBe(blocks * bsize);
    expect(Math.abs((first.disks[0]?.usedRatio ?? 0) - (blocks - bfree) / (blocks - bfree + bavail))).toBeLessThan(
      0.01,
    );

    const second = await sampler.sample(1_001_000);
    expect(second.networkReceivedBytesPerSecond).toBeGreaterThanOrEqual(0);
  });
});

it('tells which machine it is', async () => {
  const facts = await readHostFacts();
  expect(facts.hostname).toBe(hostname());
  expect(facts.operatingSystem).toMatch(/\w/);
  expect(facts.cpuModel).toBe(cpus()[0].model);
});

describe('growth of counters', () => {
  it('is unknown on the first look, then per look', () => {
    const growth = new Growth();
    expect(growth.since([10, 20], 1000)).toBeNull();
    expect(growth.since([15, 20], 3000)).toEqual({ seconds: 2, by: [5, 0] });
  });

  it('is unknown when a counter went down or time did not pass, and known again after that', () => {
    const growth = new Growth();
    growth.since([10], 1000);
    expect(growth.since([4], 2000)).toBeNull();
    expect(growth.since([6], 2000)).toBeNull();
    expect(growth.since([9], 3000)).toEqual({ seconds: 1, by: [3] });
  });
});
