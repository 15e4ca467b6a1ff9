/** How full the disks are that hold the logs and the application. */

import { readFileSync, realpathSync, statfs as statfsWithCallback } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DiskFact } from '../../model/facts.ts';
import { mountOf, parseMounts } from './proc-files.ts';

/** Of `node:fs/promises`, which loads nine more modules before the first frame, nothing else is needed. */
const statfs = promisify(statfsWithCallback);

const INTERVAL_MS = 10_000;
/** How long a look waits for the disks. A dead network mount would hold it for ever; the look after it shows what came late. */
const PATIENCE_MS = 200;

/** The disks of some paths, looked at every ten seconds, each disk once. */
export class Disks {
  readonly #paths: readonly string[];
  #facts: readonly DiskFact[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;
  #pending: Promise<void> | null = null;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  async read(nowMs: number): Promise<readonly DiskFact[]> {
    if (this.#pending === null && nowMs - this.#readAtMs >= INTERVAL_MS) {
      this.#readAtMs = nowMs;
      this.#pending = readDisks(this.#paths).then((facts) => {
        this.#facts = facts;
        this.#pending = null;
      });
    }
    if (this.#pending !== null) {
      const patience = new AbortController();
      await Promise.race([
        this.#pending,
        sleep(PATIENCE_MS, undefined, { signal: patience.signal, ref: false }).catch(() => {}),
      ]);
      patience.abort();
    }
    return this.#facts;
  }
}

async function readDisks(paths: readonly string[]): Promise<DiskFact[]> {
  const mounts = parseMounts(readText('/proc/self/mountinfo'));
  const disks = new Map<string, DiskFact>();
  for (const path of paths) {
    const existing = nearestExisting(path);
    const mount = mountOf(existing, mounts);
    const point = mount?.point ?? existing;
    if (!disks.has(point)) disks.set(point, await readDisk(existing, point, mount?.device ?? null));
  }
  return [...disks.values()];
}

/** As df(1) counts: what only root may still fill is neither used nor available. */
async function readDisk(path: string, mount: string, device: string | null): Promise<DiskFact> {
  try {
    const { blocks, bfree, bavail, bsize } = await statfs(path);
    const used = blocks - bfree;
    const usable = used + bavail;
    const usedRatio = usable > 0 ? used / usable : null;
    return { mount, device, totalBytes: blocks * bsize, usedBytes: used * bsize, usedRatio };
  } catch {
    return { mount, device, totalBytes: null, usedBytes: null, usedRatio: null };
  }
}

/** The path without links, or the nearest folder above it that is there: a log may be missing still. */
export function nearestExisting(path: string): string {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      return realpathSync(at);
    } catch {
      if (at === dirname(at)) return at;
    }
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
