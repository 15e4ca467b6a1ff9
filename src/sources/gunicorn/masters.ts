/** Which masters are watched, from one look to the next: through reload, upgrade, restart and death. */

import type { ProcessSample } from '../../model/facts.ts';
import { type GunicornSettings, overlay } from './command-line.ts';
import { ConfigWatch } from './config-watch.ts';
import { absence, absolutePath, identifyMaster, isUpgradeOf, type MasterIdentity, roleOf } from './identity.ts';
import { failure, type Outcome } from './outcome.ts';
import { type MasterTarget, readPidFile } from './pid-file.ts';
import type { ProcessView } from './process-view.ts';

export interface WatchedMaster extends MasterIdentity {
  readonly role: 'current' | 'old' | 'new';
  readonly pidFile: string | null;
}

export interface MastersSeen {
  /** The selected one first; empty when none runs. */
  readonly masters: readonly WatchedMaster[];
  readonly notes: readonly string[];
  /** The one that ended last, while none runs; null: one does, or nothing is known of its pid file. */
  readonly gone: ProcessSample['gone'] | null;
}

/** How long a pid file may be missing while its master lives: HUP unlinks it and writes it anew (gunicorn/arbiter.py). */
const RELOAD_GAP_MS = 2000;
/** What a master has forked is by then what it is going to be. */
const EXEC_MS = 5000;
/** A process that started this much later than its pid file was written is not the one meant: boot time is rounded to a second. */
const START_SLACK_MS = 3000;

/**
 * The master that a target means at this moment.
 * @param startedAtMs tells when a process began, so that a pid that was given to another Gunicorn's worker after the
 * file was written is not followed.
 */
export function locateMaster(
  target: MasterTarget,
  view: ProcessView,
  startedAtMs: (startKey: number) => number,
): Outcome<MasterIdentity> & { readonly mayAppear: boolean } {
  if (target.kind === 'pid') return { ...identifyMaster(target.pid, view), mayAppear: false };
  const reading = readPidFile(target.path);
  if (!reading.ok) return { ...reading, mayAppear: reading.missing === true };
  const { pid, writtenAtMs } = reading.value;
  const glance = view.glance(pid);
  if (glance === null) {
    const why = absence(pid, view);
    const isStale = !view.isHidden(pid);
    return { ...failure(`pid file ${target.path}${isStale ? ' is stale' : ''}: ${why}`), mayAppear: true };
  }
  const isLater = startedAtMs(glance.startKey) > writtenAtMs + START_SLACK_MS;
  if (isLater && roleOf(pid, view) !== 'master') {
    const message = `pid file ${target.path} is stale: pid ${pid} now belongs to ${glance.comm}`;
    return { ...failure(message), mayAppear: true };
  }
  const identity = identifyMaster(pid, view);
  if (identity.ok) return { ...identity, mayAppear: true };
  return { ...failure(`pid file ${target.path}: ${identity.message}`), mayAppear: false };
}

/** Follows one target. A master is a pid with its start time, so a reused pid is another process. */
export class MasterTracker {
  readonly #target: MasterTarget;
  readonly #view: ProcessView;
  readonly #startedAtMs: (startKey: number) => number;
  #current: MasterIdentity | null = null;
  /** The new master of an upgrade under way. */
  #upgrade: MasterIdentity | null = null;
  /** The master that ended last without a successor; null while one is watched. */
  #gonePid: number | null = null;
  /** Where the watched master keeps its pid, so that its successor is found there. */
  #ownPidFile: string | null = null;
  /** It lives in a pid namespace of its own: the numbers in its pid files mean nothing out here. */
  #isContained = false;
  #lostSinceMs: number | null = null;
  /** Since when each child of the master is known. */
  #children = new Map<number, number>();
  readonly #configs: ConfigWatch;
  /** What other sources said about the settings. */
  #learned: Partial<GunicornSettings> = {};

  constructor(target: MasterTarget, view: ProcessView, startedAtMs: (startKey: number) => number) {
    this.#target = target;
    this.#view = view;
    this.#startedAtMs = startedAtMs;
    this.#configs = new ConfigWatch(view, startedAtMs);
  }

  learn(settings: Partial<GunicornSettings>): void {
    this.#learned = { ...this.#learned, ...settings };
  }

  look(nowMs: number): MastersSeen {
    this.#dropDead();
    const trouble = this.#followTarget(nowMs);
    this.#findUpgrade(nowMs);
    const notes: string[] = [];
    if (this.#current === null) {
      if (this.#gonePid !== null) notes.push(`master ${this.#gonePid} is gone`);
      if (trouble !== null) notes.push(trouble);
      return { masters: [], notes, gone: this.#gone() };
    }
    if (trouble !== null) notes.push(trouble);
    if (this.#current.note !== null) notes.push(this.#current.note);
    const [current, upgrade] = [this.#current, this.#upgrade];
    this.#configs.keep(new Set([current.pid, upgrade?.pid ?? 0]));
    if (upgrade === null) return { masters: [this.#watched(current, 'current', notes)], notes, gone: null };
    const masters = [this.#watched(current, 'old', notes), this.#watched(upgrade, 'new', notes)];
    return { masters, notes, gone: null };
  }

  /** Forgets masters that ended; after the old one's end the new one is the current. */
  #dropDead(): void {
    if (this.#upgrade !== null && !this.#isAlive(this.#upgrade)) this.#upgrade = null;
    if (this.#current === null || this.#isAlive(this.#current)) return;
    if (this.#upgrade === null) this.#gonePid = this.#current.pid;
    this.#current = this.#upgrade;
    this.#upgrade = null;
  }

  #gone(): MastersSeen['gone'] {
    const [pid, path] = [this.#gonePid, this.#ownPidFile];
    if (pid === null || path === null || this.#isContained) return null;
    const reading = readPidFile(path);
    if (!reading.ok) return reading.missing === true ? { pid, pidFile: 'removed', pidFileAtMs: null } : null;
    return reading.value.pid === pid ? { pid, pidFile: 'left', pidFileAtMs: reading.value.writtenAtMs } : null;
  }

  #isAlive(master: MasterIdentity): boolean {
    return this.#view.glance(master.pid)?.startKey === master.startKey;
  }

  /** Goes where the target points now. Answers with a sentence when it points nowhere. */
  #followTarget(nowMs: number): string | null {
    const target = this.#effectiveTarget();
    if (this.#current !== null && this.#pointsTo(target, this.#current)) {
      this.#lostSinceMs = null;
      return null;
    }
    const found = locateMaster(target, this.#view, this.#startedAtMs);
    if (found.ok) {
      this.#lostSinceMs = null;
      this.#adopt(found.value);
      return null;
    }
    if (this.#current === null) return found.message;
    this.#lostSinceMs ??= nowMs;
    return nowMs - this.#lostSinceMs < RELOAD_GAP_MS ? null : found.message;
  }

  /** Whether a target still means the master that is watched: a look at who somebody is takes a hundred reads. */
  #pointsTo(target: MasterTarget, { pid, askedPid }: MasterIdentity): boolean {
    if (target.kind === 'pid') return true;
    const reading = readPidFile(target.path);
    return reading.ok && (reading.value.pid === pid || reading.value.pid === askedPid);
  }

  /** A bare pid dies with its process; the pid file that the process was started with leads to the next one. */
  #effectiveTarget(): MasterTarget {
    if (this.#target.kind === 'file') return this.#target;
    const path = this.#isContained ? null : this.#ownPidFile;
    return this.#current === null && path !== null ? { kind: 'file', path } : this.#target;
  }

  #adopt(found: MasterIdentity): void {
    // The new master of an upgrade takes the pid file over when the old one ends (gunicorn/arbiter.py, maybe_promote_master).
    if (this.#upgrade?.pid === found.pid) this.#upgrade = null;
    this.#current = found;
    this.#gonePid = null;
    this.#ownPidFile = this.#pidFileOf(found);
    this.#isContained = this.#view.ownPid(found.pid) !== found.pid;
  }

  #pidFileOf(master: MasterIdentity): string | null {
    if (this.#target.kind === 'file') return this.#target.path;
    const path = master.settings.pidFile === null ? null : absolutePath(master.settings.pidFile, master);
    return path === null ? null : this.#view.reach(master.pid, path);
  }

  /** USR2 starts a second master: a child of the current one, which writes `<pidfile>.2` (gunicorn/arbiter.py). */
  #findUpgrade(nowMs: number): void {
    const current = this.#current;
    if (current === null || this.#upgrade !== null) return;
    for (const pid of this.#upgradeCandidates(current.pid, nowMs)) {
      const glance = this.#view.glance(pid);
      if (glance?.parentPid !== current.pid) continue;
      const identity = identifyMaster(pid, this.#view);
      if (identity.ok && identity.value.pid === pid) this.#upgrade = identity.value;
    }
  }

  #upgradeCandidates(currentPid: number, nowMs: number): readonly number[] {
    const path = this.#isContained ? null : this.#ownPidFile;
    const reading = path === null ? null : readPidFile(`${path}.2`);
    if (reading?.ok) return [reading.value.pid];
    return this.#newChildren(currentPid, nowMs).filter((pid) => isUpgradeOf(pid, currentPid, this.#view));
  }

  /**
   * Children that may still turn out to be another master: between its fork and its exec that is a copy of the old one.
   * Later they are not asked again, for that costs two reads each.
   */
  #newChildren(pid: number, nowMs: number): readonly number[] {
    const before = this.#children;
    this.#children = new Map(this.#view.children(pid).map((child) => [child, before.get(child) ?? nowMs]));
    return [...this.#children].flatMap(([child, sinceMs]) => (nowMs - sinceMs <= EXEC_MS ? [child] : []));
  }

  #watched(master: MasterIdentity, role: WatchedMaster['role'], notes: string[]): WatchedMaster {
    const pidFile = role === 'new' && this.#ownPidFile !== null ? `${this.#ownPidFile}.2` : this.#ownPidFile;
    const { settings, note } = this.#configs.look(master, pidFile);
    if (note !== null) notes.push(note);
    return { ...master, settings: overlay(settings, this.#learned), role, pidFile };
  }
}
