/** History of what is sampled, not counted: one value a second for the charts. */
import type { Series } from './snapshot.ts';

const KEEP_SECONDS = 10_800;

type GaugeName = 'busyWorkers' | 'backlog';
type Gauges = Readonly<Record<GaugeName, number | null>>;

export class RecentGauges {
  readonly #bySecond = new Map<number, Gauges>();

  /** Takes one sample; a later one of the same second replaces it. */
  add(atMs: number, gauges: Gauges): void {
    const second = Math.floor(atMs / 1000);
    this.#bySecond.set(second, gauges);
    // A Map keeps the order of insertion: the oldest second is the first.
    for (const old of this.#bySecond.keys()) {
      if (old >= second - KEEP_SECONDS) break;
      this.#bySecond.delete(old);
    }
  }

  /** The largest sample of every step of a series: a queue that was there for a second must be seen. */
  series({ stepSeconds, from, requestsPerSecond }: Pick<Series, 'stepSeconds' | 'from' | 'requestsPerSecond'>) {
    const fromSecond = from === null ? 0 : Date.parse(from) / 1000;
    // A log with a line of 1970 has steps of a year: only seconds that were sampled are looked at.
    const sampled = [...this.#bySecond.keys()];
    const [oldest, newest] = [Math.min(...sampled), Math.max(...sampled)];
    const largest = (name: GaugeName): (number | null)[] =>
      requestsPerSecond.map((_, index) => {
        let most: number | null = null;
        const start = fromSecond + index * stepSeconds;
        for (let second = Math.max(start, oldest); second < start + stepSeconds && second <= newest; second++) {
          const value = this.#bySecond.get(second)?.[name] ?? null;
          if (value !== null && (most === null || value > most)) most = value;
        }
        return most;
      });
    return { busyWorkers: largest('busyWorkers'), backlog: largest('backlog') };
  }
}
