/** What a deploy has changed: the routes before it against the routes after it. */
import type { RouteCell } from './detail.ts';

/** Why other code may run now: a reload (HUP), an upgrade (USR2), or a master that has started. */
export interface Deploy {
  readonly atMs: number;
  readonly kind: 'reload' | 'upgrade' | 'restart';
}

/** One route before and after. */
export interface RouteChange {
  readonly method: string;
  readonly path: string;
  readonly before: RouteSide;
  readonly after: RouteSide;
}

export interface RouteSide {
  readonly requests: number;
  readonly serverErrors: number;
  /** Median; null where durations are unknown. */
  readonly p50Seconds: number | null;
}

export interface DeployEffect {
  readonly deploy: Deploy;
  /** The route that became slower and takes most of the time since; null: none did. */
  readonly slower: RouteChange | null;
  /** The same by less, and beyond doubt: worth knowing, and no reason to call anybody. Null or absent: none did. */
  readonly slightlySlower?: RouteChange | null;
  /** The route that fails most since and did not before. */
  readonly failing: RouteChange | null;
}

/** Compared are a minute before and, at most, the last minute. */
const SPAN_SECONDS = 60;
/** For so long a deploy is news; later it is how things are. */
const NEWS_MS = 600_000;
/** The first seconds belong to both sides: old workers finish, and time stamps are whole seconds. */
const SWITCH_SECONDS = 2;
/** Adding up a minute of routes costs a few milliseconds: not at every tick. */
const STEP_MS = 2000;

const ENOUGH_BEFORE = 10;
/** More than the first requests of each worker, which may have caches to fill. */
const ENOUGH_AFTER = 10;
/** A median moves by a fifth from one minute to the next; by so much, and so much more, it does not. */
const SLOWER_RATIO = 1.5;
const SLOWER_SECONDS = 0.02;
/** Of a slighter change so many requests on both sides tell, and that three quarters of them lie apart. */
const ENOUGH_FOR_SLIGHT = 50;
const APART_RATIO = 1.05;
const SLIGHTLY_SLOWER_RATIO = 1.2;
const SLIGHTLY_SLOWER_SECONDS = 0.005;
const ENOUGH_FAILURES = 3;
const FAILING_RATIO = 0.05;
/** And so many times what failed before. */
const FAILING_FACTOR = 3;

/** The routes of [fromSecond, toSecond). */
export type RoutesBetween = (fromSecond: number, toSecond: number) => readonly RouteCell[];

/** Compares at most every other second, and keeps what it found in between. */
export class DeployWatch {
  #deploy: Deploy | null = null;
  #before: ReadonlyMap<string, RouteCell> | null = null;
  #effect: DeployEffect | null = null;
  #comparedMs = Number.NEGATIVE_INFINITY;

  /** @param deploy the latest one that is known of. */
  look(deploy: Deploy | null, nowMs: number, routesBetween: RoutesBetween): DeployEffect | null {
    if (deploy?.atMs !== this.#deploy?.atMs) {
      this.#deploy = deploy;
      this.#before = null;
      this.#effect = null;
      this.#comparedMs = Number.NEGATIVE_INFINITY;
    }
    if (deploy === null || nowMs - deploy.atMs > NEWS_MS) return null;
    const atSecond = Math.floor(deploy.atMs / 1000);
    const nowSecond = Math.floor(nowMs / 1000);
    const fromSecond = Math.max(atSecond + SWITCH_SECONDS, nowSecond - SPAN_SECONDS);
    if (fromSecond >= nowSecond || Math.abs(nowMs - this.#comparedMs) < STEP_MS) return this.#effect;
    this.#comparedMs = nowMs;
    this.#before ??= byKey(routesBetween(atSecond - SPAN_SECONDS, atSecond));
    this.#effect = compare(deploy, this.#before, routesBetween(fromSecond, nowSecond));
    return this.#effect;
  }
}

const keyOf = ({ method, route }: RouteCell): string => `${method} ${route}`;
const byKey = (cells: readonly RouteCell[]): ReadonlyMap<string, RouteCell> =>
  new Map(cells.map((cell) => [keyOf(cell), cell]));

function compare(
  deploy: Deploy,
  before: ReadonlyMap<string, RouteCell>,
  after: readonly RouteCell[],
): DeployEffect | null {
  let slower: RouteChange | null = null;
  let slightlySlower: RouteChange | null = null;
  let failing: RouteChange | null = null;
  let [mostSeconds, mostSlightSeconds, mostFailures] = [0, 0, 0];
  for (const cell of after) {
    const old = before.get(keyOf(cell));
    if (old === undefined || old.count < ENOUGH_BEFORE) continue;
    const change = { method: cell.method, path: cell.route, before: sideOf(old), after: sideOf(cell) };
    const { sum } = cell.durations;
    if (isSlower(change) && sum > mostSeconds) [slower, mostSeconds] = [change, sum];
    if (isSlightlySlower(old, cell) && sum > mostSlightSeconds) [slightlySlower, mostSlightSeconds] = [change, sum];
    if (isFailing(change) && cell.errors > mostFailures) [failing, mostFailures] = [change, cell.errors];
  }
  if ([slower, slightlySlower, failing].every((change) => change === null)) return null;
  return { deploy, slower, slightlySlower, failing };
}

const sideOf = ({ count, errors, durations }: RouteCell): RouteSide => ({
  requests: count,
  serverErrors: errors,
  p50Seconds: durations.quantile(0.5),
});

function isSlower({ before, after }: RouteChange): boolean {
  if (after.requests < ENOUGH_AFTER || before.p50Seconds === null || after.p50Seconds === null) return false;
  return after.p50Seconds > Math.max(before.p50Seconds * SLOWER_RATIO, before.p50Seconds + SLOWER_SECONDS);
}

/** Noise moves a median by as much, but not a quarter of all requests beyond three quarters of those before. */
function isSlightlySlower(before: RouteCell, after: RouteCell): boolean {
  if (Math.min(before.durations.count, after.durations.count) < ENOUGH_FOR_SLIGHT) return false;
  const [then, now] = [before.durations.quantile(0.5) ?? 0, after.durations.quantile(0.5) ?? 0];
  const [upperThen, lowerNow] = [before.durations.quantile(0.75) ?? 0, after.durations.quantile(0.25) ?? 0];
  return (
    lowerNow > upperThen * APART_RATIO && now >= Math.max(then * SLIGHTLY_SLOWER_RATIO, then + SLIGHTLY_SLOWER_SECONDS)
  );
}

function isFailing({ before, after }: RouteChange): boolean {
  const ratio = after.serverErrors / after.requests;
  const ratioBefore = before.serverErrors / before.requests;
  return after.serverErrors >= ENOUGH_FAILURES && ratio >= Math.max(FAILING_RATIO, ratioBefore * FAILING_FACTOR);
}
