/** The logs that are followed, each read in slices that leave the thread free to answer in between. */
import type { ErrorEntry, SourceFact } from '../model/facts.ts';
import type { Model } from '../model/model.ts';
import { readIdentities } from '../sources/error-log/index.ts';
import { type GunicornSampler, withPids } from '../sources/gunicorn/index.ts';
import { followedTogether, type LogSource, openAccessLog, openAppLog, openErrorLog } from '../sources/logs.ts';
import { monotonicMs } from '../sources/monotonic.ts';
import type { EngineConfig } from './config.ts';
import { eventLoopTurn, Pace } from './pace.ts';

/** Less than this waits to be read at most times of a busy log. */
const MOST_LAG_BYTES = 1024 * 1024;

export interface LogsOptions {
  readonly config: EngineConfig;
  readonly model: Model;
  /** Somebody looks at the lines as they stand. */
  readonly wantsRaw: () => boolean;
}

export class Logs {
  readonly #options: LogsOptions;
  readonly #pace = new Pace();
  #processes: GunicornSampler | null = null;
  #sources: LogSource[] = [];
  #isHistoryRead = false;
  #isCaughtUp = false;
  #isClosed = false;

  constructor(options: LogsOptions) {
    this.#options = options;
  }

  /** Opens what the configuration names. @param processes knows the pids that a container's log has other numbers for. */
  async open(processes: GunicornSampler | null): Promise<void> {
    const { config, model, wantsRaw } = this.#options;
    this.#processes = processes;
    const common = {
      backend: config.follow,
      peers: followedTogether(),
      fromStart: config.fromStart,
      fromEnd: config.fromEnd,
      sinceMs: config.sinceMs,
      untilMs: config.untilMs,
      siblings: config.historySiblings,
      heldByWorker: (dev: bigint, ino: bigint) => processes?.holdsFile(dev, ino) ?? false,
      wantsRaw,
    };
    const entries = { ...common, keepRaw: model.wantsLines };
    const pidOf = (pid: number): number => processes?.pidOf(pid) ?? pid;
    const onEntry = (written: ErrorEntry, arrivalMs: number, now: number): void => {
      const entry = withPids(written, pidOf);
      this.#identify(entry);
      model.addError(entry, arrivalMs, now);
    };
    for (const path of config.accessLogs) {
      this.#sources.push(
        await openAccessLog(
          { ...common, path, format: config.logFormat, onForeign: onEntry, keepForeignRaw: entries.keepRaw },
          (record, arrivalMs, now) => {
            if (record.worker > 0) record.worker = pidOf(record.worker);
            model.addAccess(record, arrivalMs, now);
          },
        ),
      );
    }
    for (const path of config.errorLogs) {
      readIdentities(path, (entry) => this.#identify(withPids(entry, pidOf)));
      this.#sources.push(await openErrorLog({ ...entries, path }, onEntry));
    }
    for (const path of config.appLogs) {
      this.#sources.push(await openAppLog({ ...entries, path }, (entry, arrivalMs) => model.addApp(entry, arrivalMs)));
    }
  }

  /** Those that are open. */
  get sources(): readonly LogSource[] {
    return this.#sources;
  }

  /** How reading them goes. */
  facts(): SourceFact[] {
    return this.#sources.map((log) => log.fact());
  }

  /** All were once read to their end: what is counted from there on happens now. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /** Reads a slice of each. @returns whether there is more to read. */
  poll(nowMs: number): boolean {
    let more = false;
    for (const log of this.#sources) {
      const startedMs = monotonicMs();
      if (!log.poll(nowMs, this.#pace.bytes)) continue;
      this.#pace.took(monotonicMs() - startedMs);
      more = true;
    }
    return more;
  }

  /** Gives up what waits for another line, when that is due. Once a second. */
  settle(nowMs: number): void {
    for (const log of this.#sources) log.settle(nowMs, false);
    this.#isCaughtUp ||= this.#isHistoryRead && this.facts().every(({ lagBytes }) => (lagBytes ?? 0) < MOST_LAG_BYTES);
  }

  /** What was in them before, in slices: the first picture does not wait for it. */
  async readHistory(): Promise<void> {
    for (const log of this.#sources) {
      while (!this.#isClosed && (await log.readHistory(Date.now()))) await eventLoopTurn();
    }
    this.#isHistoryRead = true;
  }

  /** Reads every log to its present end. */
  async readToEnd(): Promise<void> {
    await this.#pollToEnd();
    await this.readHistory();
    // Logs whose history comes first have waited for it.
    await this.#pollToEnd();
  }

  /** Gives up unfinished last lines: nothing will be read after it. */
  finish(nowMs: number): void {
    for (const log of this.#sources) log.finish(nowMs);
  }

  close(): void {
    this.#isClosed = true;
    for (const log of this.#sources) log.close();
    this.#sources = [];
  }

  async #pollToEnd(): Promise<void> {
    while (!this.#isClosed && this.poll(Date.now())) await eventLoopTurn();
  }

  /** Passes on what a master says of itself at its start: /proc tells neither a version nor, often, a class. */
  #identify(entry: ErrorEntry): void {
    if (!this.#options.model.addIdentity(entry)) return;
    if (entry.event?.kind === 'worker-class') this.#processes?.learn({ workerClass: entry.event.name });
  }
}
