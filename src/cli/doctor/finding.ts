import type { Snapshot } from '../../model/snapshot.ts';
import type { GunicornSettings } from '../../sources/gunicorn/index.ts';
import type { UnheldLog } from './unheld-logs.ts';

/** What the checks look at. */
export interface Patient {
  readonly snapshot: Snapshot;
  /** What command line and configuration file say; null without a master. */
  readonly settings: GunicornSettings | null;
  /** net.core.somaxconn; null unknown. */
  readonly somaxconn: number | null;
  /** Whether heartbeat files lie in memory (tmpfs); null unknown. */
  readonly heartbeatsInMemory: boolean | null;
  /** The folder of the heartbeat files. */
  readonly heartbeatFolder: string | null;
  /** Logs that gtop reads and Gunicorn does not write. */
  readonly unheldLogs: readonly UnheldLog[];
  /** Gunicorn's errors go to the file of its access log, where gtop reads them as well (`2>&1`). */
  readonly errorsInAccessLog: boolean;
  /** Names of query parameters in logged URLs that hold secrets, without their values. */
  readonly secretParameters: readonly string[];
}

export interface Finding {
  readonly id: string;
  readonly level: 'warning' | 'advice';
  /** What is amiss, and what it costs. */
  readonly text: string;
  /** The exact setting that mends it. */
  readonly setting: string;
}

/** One thing that a set-up may lack. A new one is a row of the table. */
export interface Check {
  readonly id: string;
  readonly level: Finding['level'];
  readonly setting: string | ((patient: Patient) => string);
  /** One sentence; null: all is well, or it cannot be known. */
  look(patient: Patient): string | null;
}
