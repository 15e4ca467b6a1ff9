/** Reloads, upgrades and restarts, each with what was before it and what has been since. */
import type { Deploy } from './deploys.ts';
import type { RouteCell } from './detail.ts';
import { sayBytes, saySeconds } from './figures.ts';
import type { DeployFigures, DeployPathRow, DeployRow } from './snapshot.ts';
import { countCodes, type Volume } from './volume.ts';

/** Compared are so many seconds before, and up to as many since; the neighbouring deploys' share is left out. */
const SPAN_SECONDS = 300;
/** The first seconds belong to both sides: old workers finish, and time stamps are whole seconds. */
const SWITCH_SECONDS = 2;
/** New workers are still importing, and old ones still there. */
const SETTLE_SECONDS = 10;
const ENOUGH_REQUESTS = 10;
/** It is worked out anew when so much more time has passed: some twenty times in all. */
const STEP_RATIO = 1.2;
const DEPLOYS_KEPT = 10;
const PATHS_KEPT = 5;
/** Memory is kept in such steps, for as long as it can be asked for. */
const MEMORY_STEP_MS = 5000;
const MEMORY_KEPT = (2 * SPAN_SECONDS * 1000) / MEMORY_STEP_MS;
/** A smaller change of a percentile is chance. */
const LEAST_RATIO = 0.1;
/** And what nobody can feel is no news, whatever share of next to nothing it is. */
const LEAST_SECONDS = 0.002;
/** Workers that have just started have yet to fill their caches: only what they take beyond those before is news. */
const LEAST_MEMORY_RATIO = 0.25;
const LEAST_MEMORY_BYTES = 20 * 1024 * 1024;

/** The past, by seconds: [from, to). */
export interface Past {
  volume(fromSecond: number, toSecond: number): Volume;
  routes(fromSecond: number, toSecond: number): readonly RouteCell[];
}

/** What one side of a deploy comes to. */
interface Side {
  readonly figures: DeployFigures;
  readonly routes: readonly RouteCell[];
}

interface Entry {
  readonly deploy: Deploy;
  row: DeployRow;
  /** Added up once: it does not change any more. */
  before: Side | null;
  /** When it was worked out last. */
  lookedMs: number;
}

/** Bounded: the newest ten. Feed it every deploy that is known, and the memory of Gunicorn, as it is seen. */
export class DeployHistory {
  #entries: Entry[] = [];
  readonly #memory: { readonly atMs: number; readonly bytes: number }[] = [];
  #rows: readonly DeployRow[] = [];

  /** @param bytes Gunicorn's memory now; null unknown. */
  addMemory(atMs: number, bytes: number | null): void {
    const last = this.#memory.at(-1);
    if (bytes === null || (last && atMs - last.atMs < MEMORY_STEP_MS)) return;
    this.#memory.push({ atMs, bytes });
    if (this.#memory.length > MEMORY_KEPT) this.#memory.shift();
  }

  /**
   * Brings the comparisons up to date.
   * @returns the deploys whose comparison is new.
   */
  look(deploys: readonly Deploy[], nowMs: number, past: Past): readonly DeployRow[] {
    const known = new Map(this.#entries.map((entry) => [entry.deploy.atMs, entry]));
    const kept = [...deploys].sort((a, b) => a.atMs - b.atMs).slice(-DEPLOYS_KEPT);
    this.#entries = kept.map(
      (deploy) => known.get(deploy.atMs) ?? { deploy, row: emptyRow(deploy), before: null, lookedMs: 0 },
    );
    const changed: DeployRow[] = [];
    this.#entries.forEach((entry, index) => {
      const { atMs } = entry.deploy;
      const endMs = Math.min(atMs + SPAN_SECONDS * 1000, this.#entries[index + 1]?.deploy.atMs ?? nowMs, nowMs);
      if (!isDue(entry, endMs)) return;
      entry.lookedMs = endMs;
      entry.before ??= this.#sideBefore(entry.deploy, this.#entries[index - 1]?.deploy ?? null, past);
      entry.row = this.#compare(entry.deploy, entry.before, endMs, past);
      changed.push(entry.row);
    });
    if (changed.length > 0 || this.#rows.length !== this.#entries.length) {
      this.#rows = this.#entries.map(({ row }) => row).reverse();
    }
    return changed;
  }

  /** The newest first. */
  rows(): readonly DeployRow[] {
    return this.#rows;
  }

  #sideBefore({ atMs }: Deploy, previous: Deploy | null, past: Past): Side {
    const atSecond = Math.floor(atMs / 1000);
    const fromSecond = Math.max(atSecond - SPAN_SECONDS, previous === null ? 0 : secondAfter(previous));
    return {
      figures: figuresOf(past.volume(fromSecond, atSecond), this.#memoryBetween(fromSecond * 1000, atMs)),
      routes: past.routes(fromSecond, atSecond),
    };
  }

  #compare(deploy: Deploy, before: Side, endMs: number, past: Past): DeployRow {
    const [fromSecond, toSecond] = [secondAfter(deploy), Math.floor(endMs / 1000)];
    const settledMs = deploy.atMs + SETTLE_SECONDS * 1000;
    const after = figuresOf(past.volume(fromSecond, toSecond), this.#memoryBetween(settledMs, endMs + 1));
    const isThin = after.requests < ENOUGH_REQUESTS;
    return {
      ...emptyRow(deploy),
      before: before.figures.requests === 0 ? null : before.figures,
      after: isThin ? null : after,
      paths: isThin ? [] : pathChanges(before.routes, past.routes(fromSecond, toSecond)),
    };
  }

  #memoryBetween(fromMs: number, toMs: number): number | null {
    const known = this.#memory.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    return known.length === 0 ? null : known.reduce((sum, { bytes }) => sum + bytes, 0) / known.length;
  }
}

/** The first second that is the deploy's alone. */
const secondAfter = ({ atMs }: Deploy): number => Math.floor(atMs / 1000) + SWITCH_SECONDS;

const emptyRow = ({ atMs, kind }: Deploy): DeployRow => ({
  at: new Date(atMs).toISOString(),
  kind,
  before: null,
  after: null,
  paths: [],
});

/** At first when workers have settled, then at growing distances. */
function isDue({ deploy: { atMs }, lookedMs }: Entry, endMs: number): boolean {
  const seconds = (endMs - atMs) / 1000;
  if (seconds < SETTLE_SECONDS) return false;
  return lookedMs === 0 || (endMs > lookedMs && seconds >= STEP_RATIO * ((lookedMs - atMs) / 1000));
}

const figuresOf = ({ requests, codes, durations }: Volume, memoryBytes: number | null): DeployFigures => ({
  requests,
  serverErrorRatio: requests === 0 ? null : countCodes(codes, 500, 600) / requests,
  p50Seconds: durations.quantile(0.5),
  p95Seconds: durations.quantile(0.95),
  memoryBytes,
});

const pathFigures = ({ count, errors, durations }: RouteCell): DeployPathRow['after'] => ({
  count,
  errorRatio: errors / count,
  p50Seconds: durations.quantile(0.5),
  p95Seconds: durations.quantile(0.95),
});

/** What was asked for on both sides, the worst first: by the errors and by the time that the change costs. */
function pathChanges(before: readonly RouteCell[], after: readonly RouteCell[]): readonly DeployPathRow[] {
  const old = new Map(before.map((cell) => [`${cell.method} ${cell.route}`, cell]));
  return after
    .flatMap((cell) => {
      const then = old.get(`${cell.method} ${cell.route}`);
      if (!then || then.count < ENOUGH_REQUESTS || cell.count < ENOUGH_REQUESTS) return [];
      const row = { method: cell.method, path: cell.route, before: pathFigures(then), after: pathFigures(cell) };
      const failures = (row.after.errorRatio - row.before.errorRatio) * cell.count;
      const seconds = ((row.after.p50Seconds ?? 0) - (row.before.p50Seconds ?? 0)) * cell.count;
      return [{ row, failures, seconds }];
    })
    .sort((a, b) => b.failures - a.failures || b.seconds - a.seconds)
    .slice(0, PATHS_KEPT)
    .map(({ row }) => row);
}

/** `p95 +34 % since`, `5xx 2 % since, none before`; null where nothing changed that is more than chance, or can be told. */
export function sayChange({ before, after }: DeployRow): string | null {
  if (before === null || after === null) return null;
  const [then, now] = [before.serverErrorRatio ?? 0, after.serverErrorRatio ?? 0];
  const parts: string[] = [];
  if (now > then + 0.01) parts.push(`5xx ${percent(now)} since, ${then === 0 ? 'none' : percent(then)} before`);
  else if (then > now + 0.01) parts.push(`5xx ${percent(now)} since, ${percent(then)} before`);
  for (const name of ['p95', 'p50'] as const) {
    const [a, b] = [before[`${name}Seconds`], after[`${name}Seconds`]];
    if (a === null || b === null || !(a > 0)) continue;
    if (Math.abs(b / a - 1) < LEAST_RATIO || Math.abs(b - a) < LEAST_SECONDS) continue;
    parts.push(`${name} ${signed(b / a - 1)} since (${saySeconds(a)} → ${saySeconds(b)})`);
    break;
  }
  const [held, holds] = [before.memoryBytes, after.memoryBytes];
  if (held !== null && holds !== null && holds - held >= Math.max(LEAST_MEMORY_BYTES, held * LEAST_MEMORY_RATIO)) {
    parts.push(`memory ${signed(holds / held - 1)} since (${sayBytes(held)} → ${sayBytes(holds)})`);
  }
  return parts.length === 0 ? null : parts.join(', ');
}

const percent = (ratio: number): string => `${Number((100 * ratio).toPrecision(2))} %`;
const signed = (ratio: number): string => `${ratio < 0 ? '−' : '+'}${Math.round(Math.abs(ratio) * 100)} %`;
