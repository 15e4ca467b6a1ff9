/** What can be chosen about the metrics. */

export interface MetricsOptions {
  /** Upper bounds of the duration histogram in seconds, ascending; +Inf is always there. */
  readonly buckets: readonly number[];
  /** Gives the duration histogram the labels `method` and `endpoint`. */
  readonly perEndpoint: boolean;
}

export const DEFAULT_METRICS: MetricsOptions = {
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10, 30, 60],
  perEndpoint: false,
};

/** More bounds would make the histogram of every endpoint heavier than all other families together. */
export const MOST_BUCKETS = 50;
