/**
 * Follows a log through every rotation without losing a line or reading one twice.
 *
 * Each step looks at every open file and at what the path names; nothing depends on being told of a change. A rotated
 * file stays open until no one writes to it any more; files that came and went between two steps are found beside the
 * log; a truncated file is told by its size and by the bytes last read, and its rest is read from the copy.
 */
import { closeSync } from 'node:fs';
import { type Checkpoint, canReopen, folderDevOf, onTodaysDevice, reopen } from './checkpoint.ts';
import { conditionOf } from './condition.ts';
import { findCopies, isCopyOfDeleted, type Truncation } from './copies.ts';
import type { Follower, FollowStats, GiveUp, LineSink, StartPosition } from './follower.ts';
import { bytesAt, Generation, type GenerationOptions, HEAD_BYTES, type Place } from './generation.ts';
import { KnownFiles } from './known-files.ts';
import {
  type FileId,
  type FileIdentity,
  isProblem,
  isSameFile,
  isSameIdentity,
  type OpenLog,
  type OpenProblem,
  openLog,
  statLog,
  systemProblem,
} from './open-log.ts';
import { type Peer, Peers } from './peers.ts';
import { type Sibling, Siblings } from './siblings.ts';
import { findStowed, prepareStowed, type StowedLog } from './stowed.ts';
import { Unpacking } from './unpacking.ts';

/** Some 3,000 lines, 10 ms of reading, parsing and counting: the event loop gets its turn in between. */
export const DEFAULT_BUDGET_BYTES = 512 * 1024;
/** A worker reopens its log within this time of the last line it wrote to the old file, or is known to hold that. */
const QUIET_MS = 2_000;
/** Growth is averaged over about this time. */
const GROWTH_MS = 1_000;

const isQuiet = ({ quietSinceMs }: Generation, nowMs: number): boolean => nowMs - quietSinceMs >= QUIET_MS;

export interface GenerationFollowerOptions {
  readonly path: string;
  readonly sink: LineSink;
  readonly start: StartPosition;
  /** Whether a process that writes this log still has the file open. Asked of a quiet old file every 2 s. */
  readonly heldByWorker?: (dev: bigint, ino: bigint) => boolean;
  /** Where an earlier run stood: it is gone on from there, `start` or not. */
  readonly resumeFrom?: Checkpoint | undefined;
  /** Called at the first look when the file that the earlier run read last is gone: compressed, or deleted. */
  readonly onPlaceGone?: (() => void) | undefined;
  /** The logs that are followed together with this one. */
  readonly peers?: Peers | undefined;
}

export class GenerationFollower implements Follower, Peer {
  readonly path: string;
  readonly #start: StartPosition;
  readonly #resumeFrom: Checkpoint | null;
  readonly #onPlaceGone: () => void;
  readonly #heldByWorker: (dev: bigint, ino: bigint) => boolean;
  readonly #options: GenerationOptions;
  readonly #siblings: Siblings;
  readonly #peers: Peers;
  readonly #unpacking = new Unpacking();
  /** The oldest first; the current one is among them. */
  #open: Generation[] = [];
  /** The one that the path names, or named last. */
  #current: Generation | null = null;
  readonly #known = new KnownFiles();
  /** What the path named at the first look: its bytes up to `size` are history. */
  #atStart: (FileIdentity & { readonly size: number }) | null = null;
  #hasLooked = false;
  /** What the path names, when a peer reads it under the name that it had before. */
  #elsewhere: FileIdentity | null = null;
  /** The last file under the path that turned out to be the copy of a peer's. */
  #copy: (FileIdentity & { readonly head: Buffer }) | null = null;
  /** True when an unread generation could not be opened: to be tried again. */
  #owesFiles = false;
  /** Everything waits for a compressed file: what is in it comes first. */
  #isUnpacking = false;
  /** Nothing may wait for anything any more. */
  #isFinishing = false;
  #ended = false;
  #lastCheckpoint: Checkpoint | null = null;
  /** What was open at the end. */
  #readLast: readonly FileIdentity[] = [];
  #problem: OpenProblem | null = null;
  #lastPollMs = Number.NaN;
  /** From one look to the next. */
  #unseenMs = Number.NaN;
  /** When the path last named the only file that anybody wrote to. */
  #namedMs = Number.NEGATIVE_INFINITY;
  /** Growth lately, bytes per millisecond. */
  #growthRate = 0;
  #bytesRead = 0;
  #linesTruncated = 0;
  #rotations = 0;
  #truncations = 0;
  #possiblyLostBytes = 0;
  /** When the path ceased to name the file that was read. */
  #leftMs = Number.NaN;
  /** When bytes last came from a file that the path does not name. */
  #strayMs = Number.NaN;

  constructor({ path, sink, start, heldByWorker, resumeFrom, onPlaceGone, peers }: GenerationFollowerOptions) {
    this.path = path;
    this.#resumeFrom = resumeFrom ?? null;
    this.#onPlaceGone = onPlaceGone ?? (() => {});
    this.#start = start;
    this.#heldByWorker = heldByWorker ?? (() => false);
    this.#options = { sink, onTruncated: () => this.#linesTruncated++ };
    this.#siblings = new Siblings(path);
    this.#peers = peers ?? new Peers();
    this.#peers.join(this);
  }

  get stats(): FollowStats {
    return {
      ...this.#condition,
      bytesRead: this.#bytesRead,
      lagBytes: this.#open.length === 0 ? null : this.#open.reduce((sum, { lag }) => sum + lag, 0),
      linesTruncated: this.#linesTruncated,
      rotations: this.#rotations,
      truncations: this.#truncations,
      possiblyLostBytes: Math.ceil(this.#possiblyLostBytes),
      strayed: this.#strayMs >= this.#leftMs ? { sinceMs: this.#leftMs, lastMs: this.#strayMs } : null,
    };
  }

  get openFiles(): readonly FileId[] {
    return this.#open.map(({ identity: { dev, ino } }) => ({ dev, ino }));
  }

  get #condition(): Pick<FollowStats, 'state' | 'message'> {
    if (this.#ended || this.#isPast) return { state: 'ended', message: null };
    if (this.#isUnpacking) return { state: 'reading', message: null };
    return conditionOf(this.#current, this.#problem);
  }

  /** Nothing is to come under the name: rotation gave it, and took its file away or put another log's there. */
  get #isPast(): boolean {
    return this.#elsewhere !== null || (this.#problem?.kind === 'missing' && this.#peers.isPast(this));
  }

  reads(file: FileIdentity): boolean {
    const before = !this.#hasLooked && this.#resumeFrom ? [...this.#resumeFrom.open, ...this.#resumeFrom.known] : [];
    return (
      this.#isOpen(file) ||
      this.#readLast.some((last) => isSameIdentity(last, file)) ||
      [...before, ...this.#known.all].some((known) => known.place.offset > 0 && isSameIdentity(known, file))
    );
  }

  isOfPeer(file: FileIdentity): boolean {
    return this.#peers.isNamed(file, this) || this.#peers.isRead(file, this);
  }

  get heads(): readonly Buffer[] {
    // What was there at the last look, and what is there now.
    const open = this.#open.flatMap((generation) => [generation.place.head, generation.readHead()]);
    return [...open, ...this.#known.all.map(({ place }) => place.head)];
  }

  poll(nowMs: number, budgetBytes = DEFAULT_BUDGET_BYTES): boolean {
    if (this.#ended) return false;
    try {
      return this.#step(nowMs, budgetBytes);
    } catch (error) {
      this.#problem = systemProblem(error);
      return false;
    }
  }

  #step(nowMs: number, budgetBytes: number): boolean {
    // Listed before the path is looked at: what lies beside a log that still stands there never was that log.
    const beside = this.#hasLooked && !this.#siblings.haveChanged() ? [] : this.#siblings.list();
    const named = statLog(this.path);
    if (!this.#hasLooked) {
      if (!this.#resumeFrom) this.#firstLook(beside, named);
      else if (!this.#goOnFrom(onTodaysDevice(this.#resumeFrom, this.path), beside, nowMs)) return false;
    }
    const wasNamed = !isProblem(named) && this.#current !== null && isSameFile(this.#current.identity, named);
    if (!this.#findTruncations(nowMs, wasNamed)) return false;
    const isNamed = wasNamed && this.#current !== null;
    this.#problem = isProblem(named) ? named : null;
    if (isNamed || isProblem(named)) this.#elsewhere = null;
    if (!isNamed && this.#current !== null && !(this.#leftMs >= this.#namedMs)) this.#leftMs = nowMs;
    if (isNamed && !this.#open.some((other) => other !== this.#current && !isQuiet(other, nowMs)))
      this.#namedMs = nowMs;
    if (isNamed && this.#current) {
      if (this.#owesFiles) this.#openOwed(nowMs, this.#current);
      else this.#ignore(beside);
    } else if (!isProblem(named)) {
      this.#openNamed(nowMs, beside);
    } else if (beside.length > 0 || this.#owesFiles) {
      this.#openMissed(nowMs);
    }
    const left = this.#read(nowMs, budgetBytes);
    this.#closeQuiet(nowMs);
    this.#lastPollMs = nowMs;
    return left <= 0;
  }

  finish(nowMs: number, giveUp: GiveUp = 'all'): void {
    this.#isFinishing = true;
    // The second step is for a truncation found in the midst of the first.
    this.poll(nowMs, Number.POSITIVE_INFINITY);
    this.poll(nowMs, Number.POSITIVE_INFINITY);
    for (const generation of this.#open) {
      if (giveUp === 'all' || (giveUp === 'old' && generation !== this.#current)) generation.giveUpLine();
    }
    this.#lastCheckpoint = this.checkpoint();
    this.#readLast = this.#open.map(({ identity }) => identity);
    this.#end();
  }

  checkpoint(): Checkpoint | null {
    if (!this.#hasLooked) return this.#resumeFrom;
    if (this.#ended) return this.#lastCheckpoint;
    const open = this.#open.map((generation) => ({
      ...generation.identity,
      ...generation.placeOfLine,
      isCurrent: generation === this.#current,
      isCopy: generation.isCopy,
    }));
    return { folderDev: folderDevOf(this.path), open, known: this.#known.all };
  }

  close(): void {
    this.#end();
    this.#peers.leave(this);
  }

  #end(): void {
    this.#unpacking.clear();
    for (const generation of this.#open) generation.close();
    this.#open = [];
    this.#current = null;
    this.#ended = true;
  }

  /** What is there before the first step is history, and what lies beside it is not this log's future. */
  #firstLook(beside: readonly Sibling[], named: ReturnType<typeof statLog>): void {
    this.#hasLooked = true;
    this.#ignore(beside);
    if (isProblem(named)) return;
    const { dev, ino, birthtimeNs, size } = named;
    this.#atStart = { dev, ino, birthtimeNs, size: Number(size) };
  }

  /**
   * As if gtop had slept since: what came and went meanwhile is found by the steps that follow.
   * @returns false when it has to wait: for now nothing was done.
   */
  #goOnFrom({ open, known }: Checkpoint, beside: readonly Sibling[], nowMs: number): boolean {
    const paths = [this.path, ...beside.map(({ path }) => path), ...this.#peers.besideOriginals(this)];
    if (!this.#isUnpacked(open.filter((saved) => !canReopen(saved, paths)))) return false;
    this.#hasLooked = true;
    for (const { place, ...identity } of known) this.#known.add(identity, place);
    const taken = new Set<string>();
    for (const saved of open) {
      const named = reopen(saved, paths);
      const stowed = named ? null : findStowed(this.path, saved.place, this.#unpacking, (path) => taken.has(path));
      const log = named ?? stowed?.log;
      if (!log) {
        if (saved.isCurrent) this.#onPlaceGone();
        continue;
      }
      const options = { ...this.#options, isCopy: saved.isCopy || stowed?.log.isUnpacked === true };
      const generation = Generation.resume(saved.place, saved.insideLine, log, options);
      generation.quietSinceMs = nowMs;
      this.#open.push(generation);
      if (saved.isCurrent) this.#current = generation;
      if (stowed) taken.add(stowed.path);
      if (stowed && saved.isCurrent) this.#openUnseen(stowed.openLater(), this.#open.length, nowMs);
    }
    this.#unpacking.clear();
    return true;
  }

  /** Whether the compressed files that hold what was read up to these places are unpacked; if not, they are being. */
  #isUnpacked(read: readonly { readonly place: Place }[]): boolean {
    if (this.#isFinishing) return true;
    const isOver = read.map(({ place }) => prepareStowed(this.path, place, this.#unpacking));
    this.#isUnpacking = isOver.includes(false);
    return !this.#isUnpacking;
  }

  /** The path names another file than before: the earlier ones stay open, what was missed is found, the new one read. */
  #openNamed(nowMs: number, beside: readonly Sibling[]): void {
    const log = openLog(this.path);
    if (isProblem(log)) {
      this.#problem = log;
      this.#openMissed(nowMs);
      return;
    }
    const openAlready = this.#open.find(({ identity }) => isSameFile(identity, log.stat));
    if (openAlready) {
      closeSync(log.fd);
      this.#replaceCurrent(openAlready, nowMs);
      return;
    }
    if (this.#peers.isRead(log.stat, this) || this.#isCopied(log)) {
      closeSync(log.fd);
      this.#leaveToPeers(log.stat, nowMs, beside);
      return;
    }
    this.#elsewhere = null;
    // Opened first, looked around second: a file that is rotated away in between is found under its new name.
    const named = this.#begin(log);
    this.#openMissed(nowMs, named.identity);
    this.#open.push(named);
    this.#replaceCurrent(named, nowMs);
  }

  /** What the path named at the first look is read as it is: somebody named both. */
  #isCopied({ fd, stat }: OpenLog): boolean {
    if (this.#atStart !== null && isSameIdentity(this.#atStart, stat)) return false;
    const head = bytesAt(fd, 0, HEAD_BYTES);
    // What it was a copy of may have been truncated since.
    const isStill = this.#copy !== null && isSameIdentity(this.#copy, stat) && this.#copy.head.equals(head);
    if (!isStill && !this.#peers.isCopy(head, this)) return false;
    this.#copy = { dev: stat.dev, ino: stat.ino, birthtimeNs: stat.birthtimeNs, head };
    return true;
  }

  /** The file that was read before is read to its end, and no other for now. */
  #leaveToPeers({ dev, ino, birthtimeNs }: FileIdentity, nowMs: number, beside: readonly Sibling[]): void {
    if (this.#elsewhere !== null && isSameFile(this.#elsewhere, { dev, ino })) {
      if (this.#owesFiles) this.#openMissed(nowMs, this.#elsewhere);
      else this.#ignore(beside);
      return;
    }
    this.#elsewhere = { dev, ino, birthtimeNs };
    this.#openMissed(nowMs, this.#elsewhere);
    if (this.#current) this.#current.quietSinceMs = nowMs;
    this.#current = null;
  }

  #begin(log: OpenLog): Generation {
    try {
      return this.#beginAt(log);
    } catch (error) {
      closeSync(log.fd);
      throw error;
    }
  }

  #beginAt(log: OpenLog): Generation {
    const atStart = this.#atStart;
    if (atStart && isSameIdentity(atStart, log.stat) && Number(log.stat.size) >= atStart.size) {
      const { size } = atStart;
      this.#atStart = null;
      const options = { ...this.#options, liveFrom: size };
      if (this.#start === 'beginning') return new Generation(log, options);
      return Generation.at(this.#start === 'end' ? size : this.#start({ fd: log.fd, size }), log, options);
    }
    return new Generation(log, { ...this.#options, place: this.#known.placeIn(log) });
  }

  #replaceCurrent(next: Generation, nowMs: number): void {
    if (this.#current) {
      this.#rotations++;
      this.#current.quietSinceMs = nowMs;
    }
    next.quietSinceMs = nowMs;
    this.#current = next;
  }

  /** Opens the generations that came and went since the last step: unknown files with a rotated log's name. */
  #openMissed(nowMs: number, named?: FileIdentity): void {
    this.#owesFiles = false;
    for (const sibling of this.#siblings.list()) {
      if (!sibling.hasRotatedName || this.#isKnown(sibling) || (named && isSameFile(named, sibling))) continue;
      const log = openLog(sibling.path);
      if (isProblem(log)) {
        this.#owesFiles ||= log.kind !== 'missing';
      } else if (this.#isKnown(log.stat) || isCopyOfDeleted(log, this.#open) || this.#isOfPeer(log.stat)) {
        this.#ignore([log.stat]);
        closeSync(log.fd);
      } else {
        const missed = this.#begin(log);
        this.#open.push(missed);
        this.#replaceCurrent(missed, nowMs);
      }
    }
  }

  /** Tries again what could not be opened when it was found; the log itself has gone on. */
  #openOwed(nowMs: number, current: Generation): void {
    this.#openMissed(nowMs);
    this.#current = current;
  }

  /**
   * Looks at every open file. Of a truncated one the rest is read from the copy beside it, if there is one, and it
   * starts again; copies of truncations that came and went unseen are read whole.
   * @param isNamed whether the path still names the current one.
   * @returns false when it has to wait: nothing is to be read before it is done.
   */
  #findTruncations(nowMs: number, isNamed: boolean): boolean {
    // What waits was found at the first of these looks.
    if (!this.#isUnpacking) this.#unseenMs = nowMs - this.#lastPollMs;
    const sincePollMs = this.#unseenMs;
    let growth = 0;
    const truncations: Truncation[] = [];
    const changed: Generation[] = [];
    for (const generation of [...this.#open]) {
      this.#guard(generation, () => {
        const { size, lag, place } = generation;
        const look = generation.look();
        if (look !== 'same' && this.#peers.isCopy(generation.readHead(), this)) {
          this.#possiblyLostBytes += lag;
          this.#finishWith(generation);
          return;
        }
        // Beside a log that was renamed meanwhile lie its own next generations.
        if (look === 'rewritten' || (look === 'begun' && generation === this.#current && isNamed)) {
          changed.push(generation);
        }
        if (look === 'rewritten') {
          truncations.push({ generation, place, lag, present: generation.readHead(), rest: null });
        } else {
          growth += generation.size - size;
        }
      });
    }
    if (!this.#isUnpacked(truncations)) return false;
    if (sincePollMs > 0) {
      this.#growthRate += (growth / sincePollMs - this.#growthRate) * (1 - Math.exp(-sincePollMs / GROWTH_MS));
    }
    const newest = changed.at(-1);
    if (!newest) return true;
    const siblings = this.#siblings.list().filter((sibling) => !this.#isOpen(sibling));
    const present = this.#open.map((generation) => generation.readHead());
    const { between, accountedFor } = findCopies(siblings, truncations, present, (file) => !this.#isKnown(file));
    this.#ignore(accountedFor);
    const isUnread = ({ stat, fd }: OpenLog): boolean => {
      const isRead = this.#peers.isRead(stat, this);
      if (isRead) closeSync(fd);
      return !isRead;
    };
    const unseen = [...this.#findStowed(truncations), ...between.filter(isUnread)];
    this.#truncations += unseen.length;
    this.#openUnseen(unseen, this.#open.indexOf(newest), nowMs);
    for (const truncation of truncations) this.#restart(truncation);
    // What was written after a copy was made, and before the truncation, no one can see: it is put at the growth before,
    // over the time since the last step.
    if (truncations.length + unseen.length > 0 && sincePollMs > 0) {
      this.#possiblyLostBytes += this.#growthRate * sincePollMs;
    }
    this.#unpacking.clear();
    return true;
  }

  /** Sets the `rest` of truncations whose copy is not beside the log. @returns copies of later ones that came and went unseen. */
  #findStowed(truncations: readonly Truncation[]): readonly StowedLog[] {
    return truncations.flatMap((truncation) => {
      const stowed = truncation.rest ? null : findStowed(this.path, truncation.place, this.#unpacking);
      if (!stowed) return [];
      truncation.rest = stowed.log;
      return stowed.openLater();
    });
  }

  /** Opens generations that came and went unseen, to be read from their beginning, before the one at `index`. */
  #openUnseen(logs: readonly (OpenLog & Partial<StowedLog>)[], index: number, nowMs: number): void {
    const opened = logs.map((log) => new Generation(log, { ...this.#options, isCopy: log.isUnpacked === true }));
    for (const each of opened) each.quietSinceMs = nowMs;
    this.#open.splice(index, 0, ...opened);
  }

  #restart({ generation, lag, present, rest }: Truncation): void {
    this.#truncations++;
    if (rest) {
      // Before the files in between, and before this one.
      const oldest = this.#open.findIndex((other) => other === generation || other.isUnread);
      this.#open.splice(oldest, 0, generation.continueIn(rest));
    } else {
      this.#possiblyLostBytes += lag;
      generation.giveUpLine();
    }
    if (generation.isCopy) this.#finishWith(generation);
    else generation.restart(present);
  }

  /** @returns what is left of the budget. */
  #read(nowMs: number, budget: number): number {
    let left = budget;
    for (const generation of [...this.#open]) {
      if (left <= 0) break;
      this.#guard(generation, () => {
        const taken = this.#readFrom(generation, nowMs, left);
        if (generation.isCopy && taken < left) this.#finishWith(generation);
        left -= taken;
      });
    }
    return left;
  }

  #readFrom(generation: Generation, nowMs: number, budget: number): number {
    const taken = generation.read(budget);
    this.#bytesRead += taken;
    if (taken > 0) {
      generation.quietSinceMs = nowMs;
      const isNamed = generation === this.#current && this.#problem === null;
      if (!isNamed && !generation.isCopy) this.#strayMs = nowMs;
    }
    return taken;
  }

  #closeQuiet(nowMs: number): void {
    for (const generation of [...this.#open]) {
      if (generation === this.#current || generation.isCopy || !isQuiet(generation, nowMs)) continue;
      const { dev, ino } = generation.identity;
      if (this.#peers.isNamed(generation.identity, this)) continue;
      if (this.#heldByWorker(dev, ino)) {
        generation.quietSinceMs = nowMs;
        continue;
      }
      // Once more: the last worker may have written a line just before it let go.
      this.#guard(generation, () => {
        if (this.#readFrom(generation, nowMs, DEFAULT_BUDGET_BYTES) === 0) this.#finishWith(generation);
      });
    }
  }

  /** Closes a generation that was read to its end. */
  #finishWith(generation: Generation): void {
    generation.giveUpLine();
    this.#known.add(generation.identity, generation.place);
    this.#open = this.#open.filter((other) => other !== generation);
    if (this.#current === generation) this.#current = null;
    generation.close();
  }

  #ignore(files: readonly FileIdentity[]): void {
    for (const file of files) {
      if (!this.#isKnown(file)) this.#known.add(file);
    }
  }

  #isOpen(file: FileId): boolean {
    return this.#open.some(({ identity }) => isSameFile(identity, file));
  }

  #isOfPeer(file: FileIdentity): boolean {
    return this.#peers.isRead(file, this) || this.#peers.isLogOfItsOwn(file, this);
  }

  #isKnown(file: FileIdentity): boolean {
    return this.#isOpen(file) || this.#known.has(file);
  }

  /** A file that can no longer be read (EIO, ESTALE of a network file system) is given up, not the whole program. */
  #guard(generation: Generation, step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#problem = systemProblem(error);
      this.#possiblyLostBytes += generation.lag;
      this.#finishWith(generation);
    }
  }
}
