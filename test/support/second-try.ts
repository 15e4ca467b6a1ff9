import { afterEach } from 'vitest';
import type { Pty } from './pty.ts';

/**
 * For tests that share one screen: what a failed test left open (a line, a view, a filter) would fail its second try,
 * and every test after it.
 */
export function closeWhatFailedTestsLeave(pty: () => Pty): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    pty().press('Esc', 'Esc', 'Esc', 'Esc');
    await pty().settled();
  });
}
