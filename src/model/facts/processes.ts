/** What masters and workers look like from outside. */

/** What one process looks like from outside, at one moment. Null where it may not or cannot be read. */
export interface ProcessFact {
  readonly pid: number;
  readonly parentPid: number;
  /** Start time in clock ticks since boot (proc(5) field 22): with the pid it names a process for good. */
  readonly startTicks: number | null;
  readonly startedAtMs: number | null;
  /** utime + stime so far. */
  readonly cpuSeconds: number | null;
  /** Percent of one core since the sample before; null on the first. */
  readonly cpuPercent: number | null;
  readonly rssBytes: number | null;
  readonly pssBytes: number | null;
  readonly ussBytes: number | null;
  readonly vmsBytes: number | null;
  readonly osState: string | null;
  readonly threads: number | null;
  readonly fds: number | null;
  /** How many it may have open; null or absent: unknown. */
  readonly fdLimit?: number | null;
}

export interface MasterFact extends ProcessFact {
  readonly role: 'current' | 'old' | 'new';
  readonly app: string | null;
  readonly version: string | null;
  readonly workerClass: string | null;
  readonly workersTarget: number | null;
  readonly threadsPerWorker: number | null;
  readonly timeoutSeconds: number | null;
  readonly listeners: readonly string[];
  readonly pidFile: string | null;
  /** When its pid file was written; a reload writes it anew (gunicorn/arbiter.py, reload). Absent or null unknown. */
  readonly pidFileAtMs?: number | null;
  /** `--max-requests`; 0 is "never". Absent or null unknown. */
  readonly maxRequests?: number | null;
  /** `--worker-connections`. Absent or null unknown. */
  readonly workerConnections?: number | null;
  /** `--log-level`. Absent or null unknown. */
  readonly logLevel?: string | null;
}

export interface WorkerFact extends ProcessFact {
  readonly masterPid: number;
  /** Accepted client connections it holds; null without permission to read its descriptors. */
  readonly connections: number | null;
  /** Peer of one of these connections, the longest held. */
  readonly clientAddress: string | null;
  /** Requests in service, as far as /proc tells; null unknown. */
  readonly busyThreads: number | null;
  /** gthread: of the requests in service, those whose thread waits for a lock. Absent or null: unknown. */
  readonly lockedThreads?: number | null;
  /** sync, while it is busy: it waits for its client to send, or to take its answer. Absent or null: unknown. */
  readonly waitsForClient?: boolean | null;
  /** gthread: for each request in service how long its thread has not run at all, the longest first. Absent: unknown. */
  readonly stillSeconds?: readonly number[];
  /** Seconds since the heartbeat file was touched; null without permission. */
  readonly heartbeatAgeSeconds: number | null;
  /** It has touched its heartbeat file, as it does on its way into its loop. Absent or null unknown. */
  readonly hasBegun?: boolean | null;
  /** Connections that wait in accept queues of its own (`--reuse-port`). Absent: it shares them, or that is not known. */
  readonly backlog?: number;
}

/** An address that Gunicorn listens on: `127.0.0.1:8000`, `unix:/path`. */
export interface ListenerFact {
  readonly name: string;
  /** Connections accepted on it and still open. */
  readonly connections: number | null;
  /** Connections that wait to be accepted. */
  readonly backlog: number | null;
  /** The same by socket, where each worker has one of its own (`--reuse-port`); absent where all share one queue. */
  readonly queues?: readonly number[];
}

/** One look at the processes. */
export interface ProcessSample {
  readonly atMs: number;
  /** Selected master first. Empty when the master is gone. */
  readonly masters: readonly MasterFact[];
  readonly workers: readonly WorkerFact[];
  /** Connections accepted on the listeners, all workers together. */
  readonly activeConnections: number | null;
  /** Connections that wait to be accepted, all listeners together. */
  readonly backlog: number | null;
  /** The same by listener; absent where they cannot be told apart. */
  readonly listeners?: readonly ListenerFact[];
  /**
   * Requests that were accepted and that no thread has begun to read: gthread workers accept more than they can serve
   * (gunicorn/workers/gthread.py), so that their queue is not the listener's. Absent or null unknown.
   */
  readonly waitingInWorkers?: number | null;
  /**
   * The kernel's count of out-of-memory kills in the master's cgroup (`memory.events`, oom_kill), as long as the master is
   * watched and after its end; absent or null unknown.
   */
  readonly oomKills?: number | null;
  /**
   * The master that ended last, while none runs, and what has become of its pid file: one that stops in order removes it
   * (gunicorn/arbiter.py, halt). Absent: one runs, none was seen, or it had none.
   */
  readonly gone?: {
    readonly pid: number;
    readonly pidFile: 'left' | 'removed';
    /** When the file that is left was written; null for one that is not. */
    readonly pidFileAtMs: number | null;
  };
  /** What the master's control groups allow all its processes together; absent or null: no limit, or not known. */
  readonly limits?: { readonly cpus: number | null; readonly memoryBytes: number | null };
  /** One sentence where something is missing: `pid file not found`, `heartbeat needs root`. */
  readonly notes: readonly string[];
}
