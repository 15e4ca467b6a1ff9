/** Where that what a follower handed on is to be found now: under which name, from which byte to which. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { gunzipSync, constants as zlib } from 'node:zlib';
import { type BatchInput, openFile } from './batch/input.ts';
import { offsetSince, stampedLineAt, type TimeOfLine } from './bisect.ts';
import { earlierGenerations } from './earlier-generations.ts';
import type { KnownCheckpoint } from './follow/checkpoint.ts';
import { HEAD_BYTES } from './follow/generation.ts';
import type { Checkpoint, FollowStats } from './follow/index.ts';
import { type FileIdentity, isSameIdentity } from './follow/open-log.ts';

/** More than any rotation keeps. */
const MOST_FILES = 64;
/** Compressed bytes that hold the first lines. */
const PACKED_BYTES = 16 * 1024;

/** What was handed on before a moment. */
export interface HandedOn {
  readonly path: string;
  /** Where the follower stands. */
  readonly checkpoint: Checkpoint;
  readonly stats: FollowStats;
  /** The file that was there first: how it begins, and where reading began. Null: there was none. */
  readonly first: { readonly head: Buffer; readonly offset: number } | null;
  /** When following began, epoch milliseconds. */
  readonly startedAtMs: number;
  /** What is older was not handed on; -Infinity: everything was. */
  readonly sinceMs: number;
  /** Generations from before were read too. */
  readonly readsSiblings: boolean;
  /** Whether a file is read under another name. */
  readonly isElsewhere: (file: FileIdentity) => boolean;
}

/** A file, and what of it was handed on: bytes [begin, end). Of a compressed one, of what is in it. */
export interface Part {
  readonly input: BatchInput;
  readonly begin: number;
  /** Moves down as the part is read again, the newest first. */
  end: number;
  readonly mtimeMs: number;
  /** The follower still has it open. */
  readonly isOpen: boolean;
  /** What stands before the first line of this time was not handed on; null: all was. */
  readonly fromMs: number | null;
}

/** A file that the follower read from. */
type FollowedFile = KnownCheckpoint & { readonly isOpen: boolean; readonly isCurrent: boolean };

/** A file that lies there. */
interface Candidate {
  readonly input: BatchInput;
  readonly identity: FileIdentity;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly bornMs: number;
  readonly head: Buffer;
}

/**
 * The parts, the newest first, and the moment before which something is missing (-Infinity: nothing is).
 *
 * A file is known by its identity; a compressed one by its first lines, or else by when it was written to last, which
 * gzip keeps.
 */
export function findParts(handedOn: HandedOn, timeOf: TimeOfLine): { parts: readonly Part[]; limitMs: number } {
  const { path, checkpoint, stats, startedAtMs, sinceMs, readsSiblings, isElsewhere } = handedOn;
  const opened: readonly FollowedFile[] = checkpoint.open.map((file) => ({ ...file, isOpen: true }));
  const closed: readonly FollowedFile[] = checkpoint.known.map((file) => ({
    ...file,
    isOpen: false,
    isCurrent: false,
  }));
  const files = [...closed, ...opened].filter(({ place }) => place.offset > 0);
  const found = new Map<number, Part>();
  const parts: Part[] = [];
  const heads: Buffer[] = files.map(({ place }) => place.head);
  let current: Part | null = null;
  let copies = 0;
  for (const candidate of candidatesOf(path, sinceMs)) {
    const { input, identity, mtimeMs, bornMs, head } = candidate;
    const isPacked = input.fd === null;
    const index = files.findLastIndex((file) =>
      isPacked ? startsWith(head, file.place.head) : isSameIdentity(file, identity),
    );
    const file = found.has(index) ? undefined : files[index];
    // What was made while gtop watched, and was never followed, is a copy of what was followed before a truncation;
    // unless it is one of something that is still there.
    const isKnown = heads.some((beginning) => startsWith(head, beginning));
    const isFollowed = opened.some((each) => isSameIdentity(each, identity));
    const isNew = (isPacked ? mtimeMs : bornMs) >= startedAtMs;
    const isCopy = file === undefined && isNew && !isKnown && !isFollowed && stats.truncations > 0;
    const isEarlier = file === undefined && !isKnown && readsSiblings && mtimeMs < startedAtMs;
    if (file === undefined && ((!isCopy && !isEarlier) || isElsewhere(identity))) {
      input.close();
      continue;
    }
    heads.push(head);
    if (isCopy) copies += 1;
    const size = isPacked ? Number.MAX_SAFE_INTEGER : candidate.sizeBytes;
    const part: Part = {
      input,
      begin: isEarlier ? beginOf(input, size, sinceMs, timeOf) : firstByte(handedOn, head),
      end: file === undefined || isPacked ? size : file.place.offset,
      mtimeMs,
      isOpen: file?.isOpen ?? false,
      fromMs: isEarlier && isPacked ? sinceMs : null,
    };
    parts.push(part);
    if (file !== undefined) found.set(index, part);
    if (file?.isCurrent) current = part;
  }

  const stampOf = (part: Part | null | undefined): number => {
    if (part?.input.fd == null) return Number.POSITIVE_INFINITY;
    return stampedLineAt(part.input.fd, part.begin, part.end, timeOf)?.timeMs ?? Number.POSITIVE_INFINITY;
  };
  let limitMs = Number.NEGATIVE_INFINITY;
  const lastMissing = files.findLastIndex((_, index) => !found.has(index));
  if (lastMissing !== -1) limitMs = stampOf(found.get(lastMissing + 1));
  // Each truncation leaves a copy, or takes what was there; the follower has read on in some of the copies itself.
  const followed = found.size - (current === null ? 0 : 1) - stats.rotations;
  if (copies + Math.max(0, followed) < stats.truncations) limitMs = Math.max(limitMs, stampOf(current));
  // Without time stamps nobody knows what is how old.
  if (
    parts.some((part) => part.begin < part.end && part.input.fd !== null && stampOf(part) === Number.POSITIVE_INFINITY)
  ) {
    limitMs = Number.POSITIVE_INFINITY;
  }
  return { parts, limitMs };
}

const startsWith = (head: Buffer, beginning: Buffer): boolean =>
  beginning.length > 0 && head.subarray(0, beginning.length).equals(beginning);

/** Where reading began in the file that begins so, or a copy of it. */
const firstByte = ({ first }: HandedOn, head: Buffer): number =>
  first !== null && startsWith(head, first.head) ? first.offset : 0;

const beginOf = (input: BatchInput, size: number, sinceMs: number, timeOf: TimeOfLine): number =>
  input.fd === null ? 0 : (offsetSince(input.fd, size, sinceMs, timeOf) ?? size);

function* candidatesOf(path: string, sinceMs: number): Generator<Candidate> {
  const seen: FileIdentity[] = [];
  for (const name of namesOf(path).slice(0, MOST_FILES)) {
    const candidate = candidateAt(name, sinceMs);
    if (candidate === null) continue;
    if (seen.some((each) => isSameIdentity(each, candidate.identity))) candidate.input.close();
    else {
      seen.push(candidate.identity);
      yield candidate;
    }
  }
}

/** The log and its earlier generations, the newest first. */
function namesOf(path: string): readonly string[] {
  const none = { dev: 0n, ino: 0n };
  return [path, ...earlierGenerations(path, none).map((file) => file.path)];
}

function candidateAt(path: string, sinceMs: number): Candidate | null {
  let input: BatchInput | null = null;
  let fd: number | null = null;
  try {
    input = openFile(path);
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { dev, ino, birthtimeNs, size, mtimeNs } = fstatSync(fd, { bigint: true });
    const mtimeMs = Number(mtimeNs / 1_000_000n);
    // Not unpacked for nothing: it was written to last before anything was wanted.
    if (input.fd === null && mtimeMs < sinceMs) {
      input.close();
      return null;
    }
    const first = Buffer.alloc(input.fd === null ? PACKED_BYTES : HEAD_BYTES);
    const bytes = first.subarray(0, readSync(fd, first, 0, first.length, 0));
    return {
      input,
      identity: { dev, ino, birthtimeNs },
      sizeBytes: Number(size),
      mtimeMs,
      bornMs: Number(birthtimeNs / 1_000_000n),
      head: input.fd === null ? unpacked(bytes).subarray(0, HEAD_BYTES) : bytes,
    };
  } catch {
    input?.close();
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** As much as can be unpacked of the beginning of a file. */
const unpacked = (bytes: Buffer): Buffer => gunzipSync(bytes, { finishFlush: zlib.Z_SYNC_FLUSH });
