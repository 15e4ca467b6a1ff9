/**
 * What a test leaves behind: processes, terminals, folders. Each helper registers its own with `onCleanup`; a test
 * file says `afterEach(cleanUp)` or `afterAll(cleanUp)` once.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const undo: (() => void | Promise<void>)[] = [];

/** Remembers a step to run by `cleanUp`, the latest first. */
export function onCleanup(step: () => void | Promise<void>): void {
  undo.push(step);
}

/** Runs every remembered step, also when one of them fails; the first failure is thrown at the end. */
export async function cleanUp(): Promise<void> {
  const failures: unknown[] = [];
  while (undo.length > 0) {
    try {
      await undo.pop()?.();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** A fresh folder that every user may enter and `cleanUp` removes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gtop-test-'));
  chmodSync(folder, 0o755);
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
