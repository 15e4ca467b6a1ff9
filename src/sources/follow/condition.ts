/** How a follower is, in a word and a sentence. */
import type { FollowStats } from './follower.ts';
import type { Generation } from './generation.ts';
import type { OpenProblem } from './open-log.ts';

/**
 * @param current the file that the path names, or named last; null when none was opened yet.
 * @param problem what is wrong with the path now.
 */
export function conditionOf(
  current: Generation | null,
  problem: OpenProblem | null,
): Pick<FollowStats, 'state' | 'message'> {
  if (problem && problem.kind !== 'missing') {
    return { state: problem.kind === 'denied' ? 'denied' : 'failed', message: problem.message };
  }
  if (!current) return { state: 'waiting', message: problem?.message ?? 'not read yet' };
  if (!problem) return { state: current.isHistory ? 'reading' : 'live', message: null };
  return current.links === 0
    ? { state: 'deleted', message: 'deleted, but still open: reading on until a new file appears' }
    : { state: 'live', message: 'moved away: reading on until a new file appears' };
}
