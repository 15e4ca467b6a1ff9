/** What an incident of the lab is: how Gunicorn runs, what happens to it, and what gtop must say of it. */
import type { ExitReason } from '../../src/model/snapshot.ts';
import type { GunicornVersion } from '../support/gunicorn.ts';
import type { Scene } from './scene.ts';

/** One Gunicorn that an incident is staged on, and what gtop gets to see of it. */
export interface Setting {
  readonly version: GunicornVersion;
  /** Left out: sync. */
  readonly workerClass?: 'sync' | 'gthread';
  /** Gunicorn's `--log-level`; its default is `info`, and `warning` leaves most of the life cycle unsaid. */
  readonly logLevel?: 'info' | 'warning';
  /** False: gtop is not given the error log and has to go by the processes. */
  readonly errorLog?: boolean;
}

export interface Incident {
  /** What to type to stage this one alone. */
  readonly name: string;
  /** What happens, in a few words. */
  readonly title: string;
  readonly settings: readonly Setting[];
  readonly workers: number;
  readonly threads?: number;
  /** Seconds; Gunicorn's default is 30. */
  readonly timeout?: number;
  readonly extraArgs?: readonly string[];
  /** Left out: a TCP port. */
  readonly listen?: 'unix';
  /** Takes the machine's whole CPU: staged while nothing else is. */
  readonly alone?: boolean;
  /** Program and arguments that start Gunicorn by `exec`: a control group to put it in. */
  readonly under?: () => readonly string[];
  /** Null: quiet hours, in which gtop must find nothing at all. */
  readonly expect: ((setting: Setting) => Expectation) | null;
  /** Ends that the ledger must hold when all is over, and no others; null: not to be said. */
  readonly exits?: (setting: Setting) => Exits | null;
  /**
   * Makes it happen. Calls `scene.symptom()` at the moment from which a person could notice; gtop's sentence is waited
   * for when this is over. Quiet hours last as long as this does.
   */
  readonly stage: (scene: Scene) => Promise<void>;
}

export type Exits = Partial<Record<ExitReason, number | 'some'>>;

export interface Expectation {
  /** Kind of the cause that must make the headline. */
  readonly kind: string;
  /** What its sentence must say: the culprit, not only the kind. */
  readonly says: RegExp;
  /** Further causes that are true as well, before or beside it. */
  readonly also?: readonly string[];
}

/** `26 gthread, no error log`. */
export function describeSetting({ version, workerClass = 'sync', logLevel, errorLog }: Setting): string {
  const sees = errorLog === false ? ', no error log' : logLevel === 'warning' ? ', log level warning' : '';
  return `${version} ${workerClass}${sees}`;
}
