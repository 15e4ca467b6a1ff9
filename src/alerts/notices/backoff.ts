const FIRST_MS = 1000;
const LONGEST_MS = 5 * 60_000;

/**
 * The pause after so many failures in a row: 1 s, doubled each time up to 5 minutes, and anything from half of that
 * to all of it, so that the messages of many gtops do not come back at the same moment.
 *
 * @param failures at least 1. @param random 0 ≤ random < 1. @param askedMs the receiver's wish, which is a minimum.
 */
export function pauseMs(failures: number, random: number, askedMs = 0): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.max(askedMs, Math.round(full * (0.5 + random / 2)));
}
