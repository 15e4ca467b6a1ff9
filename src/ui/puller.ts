/** Asks the engine for Snapshots, one at a time: what is wanted meanwhile is asked once, afterwards. */
import type { Snapshot } from '../model/snapshot.ts';
import type { SnapshotFeed, SnapshotQuestion } from './feed.ts';

export interface PullerOptions {
  readonly feed: Pick<SnapshotFeed, 'request'>;
  /** What is to be asked for now. */
  readonly question: () => SnapshotQuestion;
  readonly onAnswer: (snapshot: Snapshot, question: SnapshotQuestion) => void;
  readonly onError: (error: unknown) => void;
}

export class Puller {
  readonly #options: PullerOptions;
  #isPulling = false;
  #isWanted = false;

  constructor(options: PullerOptions) {
    this.#options = options;
  }

  pull(): void {
    if (this.#isPulling) {
      this.#isWanted = true;
      return;
    }
    this.#isPulling = true;
    this.#isWanted = false;
    const { feed, question, onAnswer, onError } = this.#options;
    const asked = question();
    feed
      .request(asked)
      .then((snapshot) => onAnswer(snapshot, asked))
      .catch(onError)
      .finally(() => {
        this.#isPulling = false;
        if (this.#isWanted) this.pull();
      });
  }
}
