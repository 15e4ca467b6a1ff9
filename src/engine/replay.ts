/**
 * Past logs on a clock of their own: the same model, alerts and Snapshots as live, while the moment moves through the
 * log at a chosen speed. Nothing is sampled from this machine: what it does now is not what it did then.
 */
import { AlertEngine, describeTransition } from '../alerts/index.ts';
import { saySeconds } from '../model/figures.ts';
import { Model } from '../model/model.ts';
import type { RawLines } from '../model/recent-lines.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type PastLine, PastLog } from '../sources/past-log.ts';
import type { ReplayConfig, SnapshotQuery } from './config.ts';
import type { LinesQuery } from './line-watching.ts';
import { PastFiltering } from './past-filtering.ts';
import { PastLines } from './past-lines.ts';
import { SelfMeter } from './self-meter.ts';

/** The clock moves in steps of this much real time. */
const STEP_MS = 50;
/** Alerts are judged once a second of the log, at high speed at most so often in a step. */
const MOST_JUDGEMENTS = 10;
/** A pause of the log that would take longer to sit through, in real time, is skipped; it is shown for a moment. */
const LONGEST_PAUSE_MS = 5000;
const SHOWN_PAUSE_MS = 1000;
/** The clock goes on so long before the next line. */
const RUN_UP_MS = 1000;

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

const withRaw = <L extends object>(log: L) => ({ ...log, keepRaw: true });

export class ReplayEngine {
  readonly #config: ReplayConfig;
  readonly #model: Model;
  readonly #alerts = new AlertEngine();
  readonly #self: SelfMeter;
  readonly #logs: readonly PastLog[];
  readonly #filtering: PastFiltering;
  readonly #lines: PastLines;
  #nowMs: number;
  #judgedAtMs = Number.NaN;
  #steppedAtMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #hasEnded = false;
  readonly #startedAtMs: number;
  /** Of the lines taken so far, the newest. */
  #lastLineAtMs = Number.NEGATIVE_INFINITY;

  private constructor(config: ReplayConfig, logs: readonly PastLog[], firstAtMs: number) {
    this.#config = config;
    this.#self = new SelfMeter(config.version);
    this.#logs = logs;
    this.#nowMs = Math.max(config.fromMs ?? firstAtMs, firstAtMs);
    this.#startedAtMs = this.#nowMs;
    this.#model = new Model({
      startedAtMs: firstAtMs,
      noRoutes: config.noRoutes,
      routes: config.routes,
      linePatterns: [],
      records: true,
      watches: {
        processes: false,
        accessLog: config.logs.some(({ kind }) => kind === 'access'),
        errorLog: config.logs.some(({ kind }) => kind === 'error'),
      },
    });
    const past = {
      model: this.#model,
      played: () => config.logs.map((log, index) => ({ log: withRaw(log), lines: logs[index]?.linesTaken ?? 0 })),
      zone: config.timeZone ?? 'local',
    };
    this.#filtering = new PastFiltering(past);
    this.#lines = new PastLines(past);
  }

  /** @throws the system's error of a log that cannot be read; where no line has a time stamp. */
  static async open(config: ReplayConfig): Promise<ReplayEngine> {
    const logs = config.logs.map((log) => new PastLog(withRaw(log)));
    await Promise.all(logs.map((log) => log.fill()));
    const firsts = logs.map((log) => log.nextAtMs).filter((atMs) => !Number.isNaN(atMs));
    if (firsts.length === 0) throw new Error('no line with a time stamp: nothing to replay');
    return new ReplayEngine(config, logs, Math.min(...firsts));
  }

  /**
   * Reads up to the moment where the clock begins, and lets it go.
   * @throws where every line lies before that moment: nothing would ever happen.
   */
  async start(): Promise<void> {
    await this.#readUpTo(this.#nowMs);
    const { fromMs } = this.#config;
    if (fromMs !== null && this.#logs.every((log) => log.hasEnded) && this.#lastLineAtMs < fromMs) {
      throw new Error(`--from is past the end of the log: its last line is of ${isoOf(this.#lastLineAtMs)}`);
    }
    this.#judge(this.#nowMs);
    this.#steppedAtMs = performance.now();
    this.#schedule();
  }

  /** @throws FilterError where the filter is none. */
  snapshot(query: SnapshotQuery): Snapshot {
    this.#model.setSources(this.#logs.map((log) => log.fact()));
    const { windowSeconds, atMs, filter = null, heatMap = false, recorded = null } = query;
    const view = filter === null ? null : this.#filtering.ask(filter, this.#nowMs);
    return {
      ...this.#model.snapshot({ windowSeconds, atMs: atMs ?? this.#nowMs, view, heatMap, recorded }),
      replay: { speed: this.#config.speed, ended: this.#hasEnded },
    };
  }

  /**
   * The newest lines that were played.
   * @throws FilterError where the filter is none.
   */
  lines(query: LinesQuery): RawLines {
    return this.#lines.ask(query);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#hasEnded = true;
    this.#filtering.close();
    this.#lines.close();
    for (const log of this.#logs) log.close();
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#step(), STEP_MS);
  }

  async #step(): Promise<void> {
    const realMs = performance.now();
    const wantedMs = this.#nowMs + (realMs - this.#steppedAtMs) * this.#config.speed;
    this.#steppedAtMs = realMs;
    const reachedMs = this.#skipPause(await this.#readUpTo(wantedMs));
    if (this.#hasEnded) return;
    const secondMs = 1000 * Math.max(1, Math.ceil((reachedMs - this.#judgedAtMs) / 1000 / MOST_JUDGEMENTS));
    for (let atMs = this.#judgedAtMs + secondMs; atMs < reachedMs; atMs += secondMs) this.#judge(atMs);
    this.#nowMs = reachedMs;
    if (this.#logs.every((log) => log.hasEnded)) {
      // The last second is over when the next one begins.
      this.#nowMs = (Math.floor(reachedMs / 1000) + 1) * 1000;
      this.#judge(this.#nowMs);
      this.#hasEnded = true;
      return;
    }
    this.#schedule();
  }

  /** Nobody waits for hours in which nothing was logged, or for a line from the future. @returns where the clock goes on. */
  #skipPause(reachedMs: number): number {
    const { speed } = this.#config;
    const nextMs = this.#earliest()?.nextAtMs ?? Number.NaN;
    const sinceMs = Math.max(this.#lastLineAtMs, this.#startedAtMs);
    const isLong = nextMs - reachedMs - RUN_UP_MS > LONGEST_PAUSE_MS * speed;
    if (!isLong || reachedMs - sinceMs < SHOWN_PAUSE_MS * speed) return reachedMs;
    const atMs = nextMs - RUN_UP_MS;
    const text = `nothing was logged for ${saySeconds((nextMs - sinceMs) / 1000)}: skipped`;
    this.#model.addEvent({ atMs, kind: 'replay-skip', level: 'ok', text });
    return atMs;
  }

  /** Takes every line up to a moment, the logs in step with each other. @returns the moment reached. */
  async #readUpTo(untilMs: number): Promise<number> {
    let lastMs = Number.NEGATIVE_INFINITY;
    for (;;) {
      for (const log of this.#logs) await log.fill();
      const next = this.#earliest();
      if (next === null) return Math.max(this.#nowMs, Math.min(untilMs, lastMs));
      if (next.nextAtMs > untilMs) return untilMs;
      for (const line of next.take(untilMs, this.#otherThan(next))) {
        this.#add(line);
        if (line.atMs > lastMs) lastMs = line.atMs;
      }
    }
  }

  #earliest(): PastLog | null {
    let earliest: PastLog | null = null;
    for (const log of this.#logs) {
      if (!log.hasEnded && (earliest === null || log.nextAtMs < earliest.nextAtMs)) earliest = log;
    }
    return earliest;
  }

  /** When the first line of the other logs is due. */
  #otherThan(log: PastLog): number {
    const others = this.#logs.filter((other) => other !== log && !other.hasEnded).map((other) => other.nextAtMs);
    return Math.min(Number.POSITIVE_INFINITY, ...others);
  }

  #add(line: PastLine): void {
    if (line.atMs > this.#lastLineAtMs) this.#lastLineAtMs = line.atMs;
    if (line.kind === 'access') this.#model.addAccess(line.record, line.atMs, line.atMs);
    else this.#model.addError(line.entry, line.atMs, line.atMs);
  }

  #judge(atMs: number): void {
    this.#judgedAtMs = atMs;
    this.#model.setSources(this.#logs.map((log) => log.fact()));
    this.#model.tick(atMs);
    this.#model.setSelf(this.#self.read(Date.now()));
    const view = this.#model.serviceView(atMs);
    this.#alerts.evaluate(view, atMs);
    for (const transition of this.#alerts.takeTransitions()) this.#model.addEvent(describeTransition(transition));
    this.#model.judge(view, this.#alerts.rows());
  }
}
