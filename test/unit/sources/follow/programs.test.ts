/**
 * Random programs of writers and rotations against a model that only knows what was written where. The follower is
 * stepped between the commands by the program itself, so that any number of them happens unseen.
 */
import {
  copyFileSync,
  existsSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenerationFollower } from '../../../../src/sources/follow/generations.ts';
import { Peers } from '../../../../src/sources/follow/peers.ts';
import { difference, fresh, NO_DIFFERENCE, Scene, text, Writer } from './scene.ts';

const WORKERS = 3;
const MAX_SIBLINGS = 40;

type Command =
  | { readonly do: 'write'; readonly worker: number; readonly lines: number }
  /** The first part of a line; the worker's next write ends it. */
  | { readonly do: 'part'; readonly worker: number; readonly bytes: number }
  | { readonly do: 'burst'; readonly worker: number }
  /** `early`: every worker reopens at once. `create`: the new file is there before any worker comes. */
  | { readonly do: 'rotate'; readonly create: boolean; readonly early: boolean }
  | { readonly do: 'reopen'; readonly worker: number }
  | { readonly do: 'copytruncate' }
  /** The two halves of it, with what comes between; after the copy the follower has a look. */
  | { readonly do: 'copy' }
  | { readonly do: 'truncate' }
  | { readonly do: 'delete' }
  /** The link goes to a new file. */
  | { readonly do: 'switch'; readonly early: boolean }
  | { readonly do: 'poll' }
  | { readonly do: 'pause'; readonly ms: number };

/** What was written to a file between its creation, or a truncation, and the next. */
interface Contents {
  text: string;
  /** So much of it a copy has. */
  copied: number;
  /** So much of it was there at the last poll. */
  seen: number;
}

interface ModelFile {
  readonly ino: bigint;
  contents: Contents;
  /** The follower had a chance to open it. */
  polled: boolean;
}

interface ModelWorker {
  readonly writer: Writer;
  file: ModelFile;
  /** The end of the line that it has begun. */
  rest: string;
}

/** Whether what the log becomes is watched by a name of its own, too, and which of both is looked at first. */
type AlsoWatched = 'no' | 'after' | 'before';

class World {
  readonly scene: Scene;
  readonly #followers: readonly GenerationFollower[];
  readonly #budget: number;
  readonly #isLink: boolean;
  readonly #everything: Contents[] = [];
  readonly #files = new Map<string, ModelFile>();
  readonly #workers: ModelWorker[] = [];
  #target: string;
  #targets = 0;

  constructor(budget: number, isLink: boolean, alsoWatched: AlsoWatched) {
    this.#budget = budget;
    this.#isLink = isLink;
    const peers = new Peers();
    const heldByWorker = (_dev: bigint, ino: bigint): boolean => this.#workers.some(({ file }) => file.ino === ino);
    this.scene = new Scene({ heldByWorker, peers });
    const path = isLink ? this.scene.at('target-1.log') : `${this.scene.path}.1`;
    const { sink, follower } = this.scene;
    const other = (): GenerationFollower =>
      new GenerationFollower({ path, sink, start: 'beginning', heldByWorker, peers });
    this.#followers =
      alsoWatched === 'no' ? [follower] : alsoWatched === 'after' ? [follower, other()] : [other(), follower];
    this.#target = this.scene.path;
    if (isLink) this.#switch();
    for (let worker = 0; worker < WORKERS; worker++) {
      this.#workers.push({ writer: new Writer(this.scene.path), file: this.#named(), rest: '' });
    }
    this.poll(0);
  }

  run(command: Command): void {
    switch (command.do) {
      case 'write':
        this.#write(this.#worker(command.worker), text(fresh(command.lines)));
        return;
      case 'burst':
        this.#write(this.#worker(command.worker), text(fresh(2_000)));
        return;
      case 'part': {
        const worker = this.#worker(command.worker);
        const line = text(fresh(1));
        this.#write(worker, line.slice(0, command.bytes));
        worker.rest = line.slice(command.bytes);
        return;
      }
      case 'rotate':
        if (this.#isLink || !existsSync(this.#target)) return;
        this.#shift(0);
        if (command.create) writeFileSync(this.#target, '');
        if (command.create) this.#named();
        if (command.early) for (const worker of this.#workers) this.#reopen(worker);
        return;
      case 'reopen':
        this.#reopen(this.#worker(command.worker));
        return;
      case 'switch':
        if (!this.#isLink) return;
        // Where the link led to between two polls no one can have seen.
        if (!this.#named().polled) this.poll(100);
        this.#switch();
        if (command.early) for (const worker of this.#workers) this.#reopen(worker);
        return;
      case 'copytruncate':
        if (!existsSync(this.#target)) return;
        this.#copy();
        this.#truncate();
        return;
      case 'copy':
        if (!existsSync(this.#target) || !this.#named().polled) return;
        this.#copy();
        this.poll(100);
        return;
      case 'truncate':
        if (existsSync(this.#target) && this.#named().contents.copied > 0) this.#truncate();
        return;
      case 'delete':
        // A file that came and went between two polls no one can have seen.
        if (!this.#isLink && existsSync(this.#target) && this.#named().polled) unlinkSync(this.#target);
        return;
      case 'poll':
        this.poll(100);
        return;
      case 'pause':
        this.poll(command.ms);
        this.poll(command.ms);
    }
  }

  poll(ms: number): void {
    this.scene.nowMs += ms;
    for (const follower of this.#followers) {
      while (follower.poll(this.scene.nowMs, this.#budget)) {
        // More can be read at once.
      }
    }
    for (const file of this.#files.values()) {
      file.contents.seen = file.contents.text.length;
      file.polled = true;
    }
  }

  /** Every line that could be read by someone who looks when this program looked. */
  get expected(): string[] {
    return this.#everything.flatMap((contents) => contents.text.split('\n').filter((line) => line !== ''));
  }

  finish(): void {
    this.scene.nowMs += 100;
    for (const follower of this.#followers) follower.finish(this.scene.nowMs);
  }

  close(): void {
    for (const { writer } of this.#workers) writer.close();
    for (const follower of this.#followers) follower.close();
    this.scene.remove();
  }

  #worker(number: number): ModelWorker {
    return this.#workers[number] as ModelWorker;
  }

  /** The model of the file that the path names. */
  #named(): ModelFile {
    const { ino, birthtimeNs } = statSync(this.#target, { bigint: true });
    const identity = `${ino} ${birthtimeNs}`;
    const known = this.#files.get(identity);
    if (known) return known;
    const file: ModelFile = { ino, contents: this.#newContents(), polled: false };
    this.#files.set(identity, file);
    return file;
  }

  #newContents(): Contents {
    const contents = { text: '', copied: 0, seen: 0 };
    this.#everything.push(contents);
    return contents;
  }

  #write(worker: ModelWorker, written: string): void {
    const whole = worker.rest + written;
    worker.rest = '';
    worker.writer.write(whole);
    worker.file.contents.text += whole;
  }

  #reopen(worker: ModelWorker): void {
    worker.rest = '';
    worker.writer.reopen(this.scene.path);
    worker.file = this.#named();
  }

  /** Moves the siblings up by one, from `.from` on; 0 is the log itself. */
  #shift(from: number): void {
    for (let number = MAX_SIBLINGS; number >= from; number--) {
      const name = number === 0 ? this.#target : `${this.#target}.${number}`;
      if (existsSync(name)) renameSync(name, `${this.#target}.${number + 1}`);
    }
  }

  #copy(): void {
    this.#shift(1);
    copyFileSync(this.#target, `${this.#target}.1`);
    const { contents } = this.#named();
    contents.copied = contents.text.length;
  }

  /** What came after both the last poll and the copy is gone for everyone. */
  #truncate(): void {
    const file = this.#named();
    truncateSync(this.#target, 0);
    file.contents.text = file.contents.text.slice(0, Math.max(file.contents.copied, file.contents.seen));
    file.contents = this.#newContents();
  }

  #switch(): void {
    this.#target = this.scene.at(`target-${this.#targets++}.log`);
    writeFileSync(this.#target, '');
    symlinkSync(basename(this.#target), this.scene.at('next'));
    renameSync(this.scene.at('next'), this.scene.path);
    this.#named();
  }
}

const worker = fc.nat(WORKERS - 1);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('write' as const), worker, lines: fc.integer({ min: 1, max: 9 }) }),
  },
  // The part holds the line's number: two files that begin with the same few bytes cannot be told apart.
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('part' as const), worker, bytes: fc.integer({ min: 9, max: 40 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('burst' as const), worker }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('rotate' as const), create: fc.boolean(), early: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reopen' as const), worker }) },
  { weight: 3, arbitrary: fc.constant({ do: 'copytruncate' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'copy' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'truncate' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'delete' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('switch' as const), early: fc.boolean() }) },
  { weight: 5, arbitrary: fc.constant({ do: 'poll' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.constantFrom(500, 1_900, 2_100) }) },
);

describe('41: random programs of writers and rotations', () => {
  it('nothing lost and nothing twice, in 2,500 programs', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(512, 16 * 1024, 4 * 1024 * 1024),
        fc.boolean(),
        fc.constantFrom<AlsoWatched>('no', 'no', 'after', 'before'),
        (program, budget, isLink, alsoWatched) => {
          const world = new World(budget, isLink, alsoWatched);
          try {
            for (const each of program) world.run(each);
            world.finish();
            expect(difference(world.scene.lines, world.expected)).toEqual(NO_DIFFERENCE);
          } finally {
            world.close();
          }
        },
      ),
      { numRuns: 2_500, seed: 20_261_121 },
    );
  });
});
