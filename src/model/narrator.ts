/** Tells what happens to masters and workers, in sentences. */
import type { Reload } from './drains.ts';
import type { WorkerEnd } from './end-counts.ts';
import { EventLog, type LoggedEvent } from './events.ts';
import type { ErrorEntry, ProcessSample, SourceFact } from './facts.ts';
import { sayCount, saySeconds } from './figures.ts';
import type { KilledRequest } from './killed-requests.ts';
import { describeEntry } from './lifecycle-events.ts';
import { LogEvents } from './log-events.ts';
import { type MasterEnd, sayMasterEnd } from './master-ends.ts';
import type { ExitReason } from './snapshot.ts';

/** Workers that boot this soon after their master's start are its first ones: its event counts them. */
const STARTING_MS = 10_000;
/** Lines of a start. */
const START_LINES: ReadonlySet<string> = new Set([
  'master-start',
  'listening',
  'worker-class',
  'control-socket',
  'control-socket-error',
  'worker-boot',
]);
/** Workers that boot this closely share an event. */
const BOOT_FOLD_SECONDS = 3;
/** Ends of one kind and text share an event when they follow each other this closely. */
const FOLD_SECONDS = 10;
/** A service that recycles its workers all day says so once a minute. */
const RECYCLE_FOLD_SECONDS = 60;

/** Kind of event for each reason. Null: told by the reload, shutdown or signal that it belongs to. */
const END_KINDS: Readonly<Record<ExitReason, string | null>> = {
  timeout: 'worker-timeout',
  oom: 'worker-oom',
  crash: 'worker-crash',
  killed: 'worker-killed',
  recycled: 'worker-recycled',
  boot: 'worker-boot-failed',
  unknown: 'worker-gone',
  reload: null,
  scaledown: null,
  shutdown: null,
};

/** A master by what its log says. */
interface MasterStory {
  readonly startedMs: number;
  /** Its first workers are still coming up; over as soon as anything else happens. */
  isStarting: boolean;
  readonly title: string;
  readonly started: LoggedEvent;
  workers: number;
}

export class Narrator {
  readonly log = new EventLog();
  readonly #sources = new LogEvents();
  readonly #stories = new Map<number, MasterStory>();
  readonly #stops = new Map<number, { readonly atMs: number; readonly signal: string; readonly event: LoggedEvent }>();
  readonly #ends = new WeakMap<WorkerEnd, LoggedEvent>();
  readonly #reloads = new WeakMap<Reload, LoggedEvent>();
  /** The master that samples showed last for the first time. */
  #lastSeen: { readonly pid: number; readonly atMs: number; readonly event: LoggedEvent } | null = null;
  /** The newest one that is over. */
  #lastReload: Reload | null = null;
  /** The master that went with a reload whose workers did not come up. */
  #failedReloadOf: number | null = null;
  #masters: readonly number[] | null = null;
  /** The master that has said last that it stops: a look may still show it for the first time. */
  #stoppedPid: number | null = null;
  #expectedBoots = 0;

  /** Whether a log told of the start of this master, so that all its workers are known. */
  knowsMaster(pid: number): boolean {
    return this.#stories.has(pid);
  }

  /** An entry that is an event by itself. */
  entry(entry: ErrorEntry, atMs: number): void {
    const { event, pid } = entry;
    if (event?.kind === 'master-start') this.#masterStarts(pid, event.version, atMs);
    if (event?.kind === 'signal') this.#signal(event.name.toLowerCase(), pid, atMs);
    if (event?.kind === 'master-shutdown') this.#masterStops(pid, atMs);
    if (event?.kind === 'worker-recycle') this.#expectedBoots += 1;
    if (event && !START_LINES.has(event.kind)) for (const story of this.#stories.values()) story.isStarting = false;
    const draft = describeEntry(entry, atMs);
    if (draft) this.log.fold(draft.text, FOLD_SECONDS, draft, (count) => `${draft.text} (${count} times)`);
  }

  /** A worker starts. One that was to be expected is part of what it follows from. */
  boot(pid: number, masterPid: number | null, atMs: number, isReload: boolean): void {
    const story = masterPid === null ? undefined : this.#stories.get(masterPid);
    if (story?.isStarting && atMs - story.startedMs <= STARTING_MS) {
      story.workers += 1;
      this.log.amend(story.started, { text: `${story.title}, ${sayCount(story.workers, 'worker')}` });
    } else if (this.#expectedBoots > 0) {
      this.#expectedBoots -= 1;
    } else if (!isReload) {
      const draft = { atMs, kind: 'worker-boot', level: 'ok', worker: pid, text: `worker ${pid} booted` } as const;
      this.log.fold('worker-boot', BOOT_FOLD_SECONDS, draft, (count) => `${count} workers booted, the last ${pid}`);
    }
  }

  end(end: WorkerEnd): void {
    const kind = END_KINDS[end.reason] ?? (end.level === 'ok' ? null : 'worker-killed');
    if (kind === null) return;
    const { atMs, level, pid, details } = end;
    const draft = { atMs, kind, level, worker: pid, text: `worker ${pid} ${end.text}`, details };
    if (end.reason === 'timeout') {
      this.#ends.set(end, this.log.add(draft));
      return;
    }
    const span = end.reason === 'recycled' ? RECYCLE_FOLD_SECONDS : FOLD_SECONDS;
    this.log.fold(`${kind} ${end.text}`, span, draft, (count) => `${count} workers, the last ${pid}: ${end.text}`);
  }

  /** The request that died with a worker is known: its event names it. */
  killed(request: KilledRequest, end: WorkerEnd | null): void {
    const event = end && this.#ends.get(end);
    if (!event || !request.logged) return;
    const { method, path } = request;
    this.log.amend(event, { method, path, text: `worker ${end.pid} ${end.text}`, details: request.traceback });
  }

  reloadBegins(reload: Reload): void {
    const draft = { atMs: reload.startMs, kind: 'reload', level: 'ok', text: 'reload (HUP) begins' } as const;
    this.#reloads.set(reload, this.log.add(draft));
  }

  reloadEnds(reload: Reload): void {
    this.#lastReload = reload;
    this.#tellReload(reload);
  }

  #tellReload(reload: Reload): void {
    const event = this.#reloads.get(reload);
    if (!event) return;
    if (reload.masterPid !== null && reload.masterPid === this.#failedReloadOf) {
      const text = `reload (HUP): ${sayCount(reload.replaced, 'worker')} left, none came up in their place`;
      this.log.amend(event, { level: 'critical', text });
      return;
    }
    const seconds = (reload.lastMs - reload.startMs) / 1000;
    const time = seconds < 1 ? 'less than a second' : saySeconds(seconds);
    const left = reload.remaining.size > 0 ? `, ${reload.remaining.size} of the old still there` : '';
    this.log.amend(event, { text: `reload (HUP): ${sayCount(reload.replaced, 'worker')} replaced in ${time}${left}` });
  }

  /** A master is gone. */
  masterEnds(end: MasterEnd): void {
    const level = end.isOom || !end.isRoutine ? 'critical' : end.isAsked ? this.#stopLevel(end.pid) : 'warning';
    this.log.add({ atMs: end.atMs, kind: 'master-gone', level, text: sayMasterEnd(end) });
    if (end.failedBoot?.kind !== 'reload') return;
    this.#failedReloadOf = end.pid;
    if (this.#lastReload?.masterPid === end.pid) this.#tellReload(this.#lastReload);
  }

  /** The masters that the newest sample shows. */
  masters({ atMs, masters }: ProcessSample): void {
    const now = masters.map((master) => master.pid);
    const before = this.#masters;
    this.#masters = now;
    for (const pid of now) {
      const isNew = before !== null && !before.includes(pid) && !this.#stories.has(pid) && pid !== this.#stoppedPid;
      if (!isNew) continue;
      const event = this.log.add({ atMs, kind: 'master-start', level: 'ok', text: `master ${pid} is up` });
      this.#lastSeen = { pid, atMs, event };
    }
  }

  sources(sources: readonly SourceFact[], atMs: number): void {
    for (const draft of this.#sources.changes(sources, atMs)) this.log.add(draft);
  }

  #masterStarts(pid: number | null, version: string, atMs: number): void {
    const title = `gunicorn ${version} started: master ${pid ?? '–'}`;
    // A look may have told of it before the line was read.
    const seen =
      this.#lastSeen?.pid === pid && Math.abs(this.#lastSeen.atMs - atMs) <= STARTING_MS ? this.#lastSeen : null;
    if (seen) this.log.amend(seen.event, { text: title });
    const started = seen?.event ?? this.log.add({ atMs, kind: 'master-start', level: 'ok', text: title });
    if (pid === null) return;
    if (pid === this.#stoppedPid) this.#stoppedPid = null;
    this.#stories.delete(pid);
    this.#stories.set(pid, { startedMs: atMs, isStarting: true, title, started, workers: 0 });
    // More than a few at once are masters that were killed and could not say so.
    if (this.#stories.size > 8) this.#stories.delete(this.#stories.keys().next().value ?? 0);
  }

  #signal(name: string, pid: number | null, atMs: number): void {
    if (name === 'ttin') this.#expectedBoots += 1;
    if (pid === null || !['term', 'int', 'quit'].includes(name) || this.#stops.has(pid)) return;
    const signal = `SIG${name.toUpperCase()}`;
    const text = `${signal}: master ${pid} shuts down`;
    const event = this.log.add({ atMs, kind: 'master-shutdown', level: this.#stopLevel(pid), text });
    this.#stops.set(pid, { atMs, signal, event });
  }

  #masterStops(pid: number | null, atMs: number): void {
    const stop = pid === null ? undefined : this.#stops.get(pid);
    const text = `master ${pid ?? '–'} stopped`;
    if (stop) {
      this.log.amend(stop.event, { text: `${text} (${stop.signal})` });
    } else {
      this.log.add({ atMs, kind: 'master-shutdown', level: this.#stopLevel(pid), text });
    }
    if (pid === null) return;
    this.#stoppedPid = pid;
    this.#stops.delete(pid);
    this.#stories.delete(pid);
  }

  /** The end of a master is routine while another one serves: an upgrade. */
  #stopLevel(pid: number | null): 'ok' | 'warning' {
    const others = [...this.#stories.keys(), ...(this.#masters ?? [])].filter((other) => other !== pid);
    return others.length > 0 ? 'ok' : 'warning';
  }
}
