import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, checkpointFromJson, checkpointToJson } from '../../../../src/sources/follow/checkpoint.ts';
import { GenerationFollower } from '../../../../src/sources/follow/generations.ts';
import { compress, copyTruncate, expectLines, fresh, rotate, type Scene, scene, text, Writer } from './scene.ts';

let placesGone = 0;

/** Through JSON, as a later process gets it. */
const stored = (checkpoint: Checkpoint | null): Checkpoint =>
  checkpointFromJson(JSON.parse(JSON.stringify(checkpointToJson(checkpoint as Checkpoint))));

/** What a later run of gtop does. */
function start(log: Scene, resumeFrom: Checkpoint): void {
  log.follower = new GenerationFollower({
    path: log.path,
    sink: log.sink,
    start: 'end',
    resumeFrom,
    onPlaceGone: () => placesGone++,
  });
}

/** gtop is ended by SIGTERM and started again; `meanwhile` happens in between. */
function restart(log: Scene, meanwhile: () => void = () => {}): void {
  placesGone = 0;
  log.nowMs += 100;
  log.follower.finish(log.nowMs, 'none');
  const checkpoint = stored(log.follower.checkpoint());
  meanwhile();
  start(log, checkpoint);
  log.step();
}

/** A log with 100 lines that were read, and a follower on it. */
function running(): { log: Scene; before: string[] } {
  const log = scene();
  const before = log.add(100);
  log.step();
  return { log, before };
}

describe('going on where an earlier run ended', () => {
  it('reads what came meanwhile, and nothing twice', () => {
    const { log, before } = running();
    let meanwhile: string[] = [];
    restart(log, () => {
      meanwhile = log.add(50);
    });
    expectLines(log, before, meanwhile, log.add(5).concat(stepped(log)));
  });

  it('when nothing came', () => {
    const { log, before } = running();
    restart(log);
    restart(log);
    expectLines(log, before);
    expect(log.stats).toMatchObject({ state: 'live', truncations: 0, possiblyLostBytes: 0 });
  });

  it('an unfinished line is read whole by the later run', () => {
    const { log, before } = running();
    appendFileSync(log.path, 'first half, ');
    log.step();
    restart(log, () => appendFileSync(log.path, 'second half\n'));
    expectLines(log, before, ['first half, second half']);
  });

  it('of a line that is too long the rest stays passed over', () => {
    const { log, before } = running();
    appendFileSync(log.path, 'x'.repeat(5 * 1024 * 1024));
    log.step();
    restart(log, () => appendFileSync(log.path, `${'x'.repeat(100)}\nnext\n`));
    expectLines(log, before, ['x'.repeat(4 * 1024 * 1024)], ['next']);
  });

  it('the log was renamed meanwhile, and its worker wrote on to the old file', () => {
    const { log, before } = running();
    const late = fresh(20);
    let after: string[] = [];
    restart(log, () => {
      const worker = new Writer(log.path);
      rotate(log);
      worker.write(text(late));
      worker.close();
      after = log.add(10);
    });
    expectLines(log, before, late, after);
  });

  it('two rotations meanwhile: the file in between is read from its beginning', () => {
    const { log, before } = running();
    const written: string[][] = [];
    restart(log, () => {
      for (let rotation = 0; rotation < 2; rotation++) {
        written.push(log.add(10));
        rotate(log);
      }
      written.push(log.add(10));
    });
    expectLines(log, before, ...written);
  });

  it('what was rotated before the first run is not read', () => {
    const log = scene({ start: 'end' });
    log.add(10, `${log.path}.1`);
    log.add(10);
    log.step();
    restart(log, () => rotate(log));
    expectLines(log, log.add(3).concat(stepped(log)));
  });

  it.each([
    ['and stayed empty', 0],
    ['and refilled, to less', 10],
    ['and refilled to exactly the old size', 100],
    ['and refilled beyond it', 200],
  ])('the log was copied and truncated meanwhile %s', (_, refill) => {
    const { log, before } = running();
    let rest: string[] = [];
    let after: string[] = [];
    restart(log, () => {
      rest = log.add(7);
      copyTruncate(log);
      after = log.add(refill);
    });
    expectLines(log, before, rest, after);
  });

  it('two copies meanwhile', () => {
    const { log, before } = running();
    const written: string[][] = [];
    restart(log, () => {
      for (let rotation = 0; rotation < 2; rotation++) {
        written.push(log.add(30));
        copyTruncate(log);
      }
      written.push(log.add(10));
    });
    expectLines(log, before, ...written);
  });

  it('a log that was empty, filled and copied meanwhile', () => {
    const log = scene();
    writeFileSync(log.path, '');
    log.step();
    let written: string[] = [];
    restart(log, () => {
      written = log.add(5);
      copyTruncate(log);
    });
    expectLines(log, written);
  });

  it('an old file that its worker still writes to is gone on with, too', () => {
    const { log, before } = running();
    const worker = new Writer(log.path);
    rotate(log);
    const during = log.add(5);
    log.step();
    const late = fresh(9);
    restart(log, () => worker.write(text(late)));
    expectLines(log, before, during, late);
    worker.close();
  });

  it('a log that was missing and appeared meanwhile is read from its beginning', () => {
    const log = scene();
    log.step();
    let written: string[] = [];
    restart(log, () => {
      written = log.add(5);
    });
    expectLines(log, written);
  });

  it('a file that was compressed meanwhile is said to be gone; the new one is read from its beginning', () => {
    const { log, before } = running();
    let after: string[] = [];
    restart(log, () => {
      renameSync(log.path, `${log.path}.1.gz`);
      after = log.add(5);
    });
    expect(placesGone).toBe(1);
    expectLines(log, before, after);
  });

  it.each([
    ['once', 1],
    ['three times', 3],
  ])('rotated and compressed %s meanwhile: everything is read from there, in its order', async (_, count) => {
    const { log, before } = running();
    const written: string[][] = [];
    restart(log, () => {
      for (let rotation = 1; rotation <= count; rotation++) {
        written.push(log.add(10));
        // Writes of the same tick of the file system's clock have no order.
        const seconds = Date.now() / 1000 - 10 + rotation;
        utimesSync(log.path, seconds, seconds);
        rotate(log);
        compress(`${log.path}.1`);
        renameSync(`${log.path}.1.gz`, `${log.path}-2026112${rotation}.gz`);
      }
      written.push(log.add(10));
    });
    expect(log.lines).toEqual(before);
    await log.unpacked();
    expect(placesGone).toBe(0);
    expect(log.lines).toEqual([before, ...written].flat());
    restart(log, () => written.push(log.add(5)));
    expect(log.lines).toEqual([before, ...written].flat());
  });

  it("moved to logrotate's olddir meanwhile, where a worker writes on to it", () => {
    const { log, before } = running();
    const worker = new Writer(log.path);
    let after: string[] = [];
    restart(log, () => {
      mkdirSync(log.at('old'));
      renameSync(log.path, `${log.at('old')}/access.log.1`);
      after = log.add(5);
    });
    const late = fresh(9);
    worker.write(text(late));
    log.step();
    expect(placesGone).toBe(0);
    expectLines(log, before, after, late);
    worker.close();
  });

  it('after the folder was copied to another disk: told by the bytes', () => {
    const { log, before } = running();
    let after: string[] = [];
    restart(log, () => {
      const bytes = text(before);
      // Kept open under another name, so that its inode is not given to the copy.
      renameSync(log.path, log.at('elsewhere'));
      writeFileSync(log.path, bytes);
      after = log.add(5);
    });
    expect(placesGone).toBe(0);
    expectLines(log, before, after);
  });

  it('on a device that has another number now', () => {
    const log = scene();
    log.add(10, `${log.path}.1`);
    const before = log.add(10);
    log.step();
    log.follower.finish(log.nowMs, 'none');
    const { folderDev, open, known } = stored(log.follower.checkpoint());
    const other = folderDev + 7n;
    const onOther = <T extends { dev: bigint }>(files: readonly T[]): T[] =>
      files.map((file) => ({ ...file, dev: other }));
    start(log, { folderDev: other, open: onOther(open), known: onOther(known) });
    log.step();
    expectLines(log, before);
  });

  it('from a checkpoint that is older than what was read, as after SIGKILL: repeated, not lost', () => {
    const { log, before } = running();
    const checkpoint = stored(log.follower.checkpoint());
    const unsaved = log.add(5);
    log.step();
    log.follower.close();
    start(log, checkpoint);
    log.step();
    expectLines(log, before, unsaved, unsaved);
  });

  it('with the folder gone there is nothing to go on with', () => {
    const { log } = running();
    restart(log, () => rmSync(log.folder, { recursive: true }));
    expect(placesGone).toBe(1);
    expect(log.stats.state).toBe('waiting');
  });
});

/** Steps once; for use inside the arguments of `expectLines`, behind what was added. */
function stepped(log: Scene): string[] {
  log.step();
  return [];
}

describe('a checkpoint', () => {
  it.each([null, 7, {}, { folderDev: '1', open: [{}], known: [] }, { folderDev: '1', open: {}, known: [] }])(
    'of anything else is an error: %j',
    (json) => {
      expect(() => checkpointFromJson(json)).toThrow(/^(not |Cannot convert)/);
    },
  );
});

type Operation = 'write' | 'half' | 'rotate' | 'copytruncate' | 'step' | 'stop';

it('nothing lost and nothing twice, in 400 programs with restarts', () => {
  const operation = fc.constantFrom<Operation>(
    'write',
    'write',
    'half',
    'rotate',
    'copytruncate',
    'step',
    'step',
    'stop',
  );
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 25 }), (program) => {
      const log = scene();
      writeFileSync(log.path, '');
      const written: string[] = [];
      let half = '';
      let resumeFrom: Checkpoint | null = null;
      const run: Record<Operation, () => void> = {
        write() {
          const lines = fresh(3);
          appendFileSync(log.path, text(lines));
          written.push(half + lines[0], ...lines.slice(1));
          half = '';
        },
        half() {
          const [line] = fresh(1);
          appendFileSync(log.path, line);
          half += line;
        },
        // A writer that is in the midst of a line holds the file: lines are ended first.
        rotate() {
          run.write();
          rotate(log);
        },
        copytruncate() {
          run.write();
          copyTruncate(log);
        },
        step() {
          if (resumeFrom) start(log, resumeFrom);
          resumeFrom = null;
          log.step();
        },
        stop() {
          if (resumeFrom) return;
          log.step();
          log.follower.finish(log.nowMs, 'none');
          resumeFrom = stored(log.follower.checkpoint());
        },
      };
      log.step();
      for (const each of program) run[each]();
      run.write();
      run.step();
      run.step();
      log.follower.close();
      expectLines(log, written);
    }),
    { numRuns: 400, seed: 20261121 },
  );
});
