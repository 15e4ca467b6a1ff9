/** What a replay has played so far, once more: its logs lie there whole. */
import { type PastLine, PastLog, type PastLogOptions } from '../sources/past-log.ts';

/** A log with the number of its lines that were played. */
export interface Played {
  readonly log: PastLogOptions;
  readonly lines: number;
}

/**
 * Hands out the played lines, log by log.
 * @param goesOn asked now and then: whether anybody still wants them.
 * @throws the system's error of a log that cannot be read any more.
 */
export async function playAgain(
  played: readonly Played[],
  goesOn: () => boolean,
  take: (line: PastLine) => void,
): Promise<void> {
  for (const { log, lines } of played) {
    const again = new PastLog(log);
    try {
      while (again.linesTaken < lines && goesOn()) {
        await again.fill();
        for (const line of again.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)) {
          take(line);
          if (again.linesTaken === lines) break;
        }
      }
    } finally {
      again.close();
    }
  }
}
