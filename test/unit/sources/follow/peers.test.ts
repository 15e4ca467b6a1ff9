import {
  appendFileSync,
  copyFileSync,
  existsSync,
  renameSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkpointFromJson, checkpointToJson } from '../../../../src/sources/follow/checkpoint.ts';
import { GenerationFollower } from '../../../../src/sources/follow/generations.ts';
import { Peers } from '../../../../src/sources/follow/peers.ts';
import { followedTogether, type LogSource, openAccessLog } from '../../../../src/sources/logs.ts';
import { compress, copyTruncate, expectLines, fresh, rotate, type Scene, scene, text, Writer } from './scene.ts';

/** A log, and what rotation makes of it, watched together; all lines go to one sink. */
function watched(names: readonly string[] = ['access.log.1']) {
  const peers = new Peers();
  const log = scene({ peers });
  const others = names.map((name) => {
    const path = log.at(name);
    const other = new GenerationFollower({ path, sink: log.sink, start: 'beginning', peers });
    onTestFinished(() => other.close());
    return other;
  });
  const step = (ms = 100): void => {
    log.step(ms);
    for (const other of others) while (other.poll(log.nowMs));
  };
  return { log, others, past: others[0] as GenerationFollower, step };
}

const QUIET = { state: 'ended', message: null };

describe('a log and the name that rotation gives it, watched together', () => {
  it.each([
    ['renamed', rotate],
    ['copied and truncated', copyTruncate],
    [
      'renamed and compressed',
      (log: Scene) => {
        rotate(log);
        compress(`${log.path}.1`);
      },
    ],
    [
      'copied over the file that bears the name',
      (log: Scene) => {
        copyFileSync(log.path, `${log.path}.1`);
        truncateSync(log.path, 0);
      },
    ],
    [
      'renamed over the file that bears the name',
      (log: Scene) => {
        renameSync(log.path, `${log.path}.1`);
        writeFileSync(log.path, '');
      },
    ],
  ])('%s, again and again: every line once, and nothing is amiss', (_, turn) => {
    const { log, past, step } = watched();
    const written = [log.add(50, `${log.path}.1`), log.add(50)];
    step();
    for (let time = 0; time < 4; time++) {
      turn(log);
      step();
      step(3_000);
      written.push(log.add(20));
      step();
      expect(past.stats).toMatchObject({ ...QUIET, possiblyLostBytes: 0 });
      expect(log.stats).toMatchObject({ state: 'live', message: null });
    }
    expectLines(log, ...written);
  });

  it('a worker writes on to the old file for a minute', () => {
    const { log, step } = watched();
    const before = log.add(10);
    step();
    const worker = new Writer(log.path);
    onTestFinished(() => worker.close());
    rotate(log);
    const late = fresh(60);
    for (const line of late) {
      worker.write(text([line]));
      step(1_000);
    }
    step(10_000);
    const last = fresh(1);
    worker.write(text(last));
    step();
    expectLines(log, before, late, last);
  });

  it('a line or two behind each rotation do not add up to a worker that was never told of it', () => {
    const { log, step } = watched();
    for (let time = 0; time < 3; time++) {
      log.add(1);
      step();
      rotate(log);
      step();
      log.add(1, `${log.path}.1`);
      step();
      expect(log.stats.strayed).toMatchObject({ sinceMs: log.nowMs - 100, lastMs: log.nowMs });
      for (let second = 0; second < 10; second++) step(1_000);
    }
  });

  it('the name is not there at first, and its file not open for nothing when it is rotated on', () => {
    const { log, past, step } = watched();
    const before = log.add(10);
    step();
    expect(past.stats).toMatchObject(QUIET);
    rotate(log);
    const after = log.add(10);
    step();
    expect(past.stats).toMatchObject(QUIET);
    rotate(log);
    step(3_000);
    step(3_000);
    expect(past.openFiles).toEqual([]);
    expectLines(log, before, after);
  });

  it('what each of them held before is read, though it be the same', () => {
    const { log, step } = watched();
    const lines = log.add(10);
    copyFileSync(log.path, `${log.path}.1`);
    step();
    expectLines(log, lines, lines);
  });

  it('a backup by hand is no new log', () => {
    const { log, step } = watched(['access.log.save']);
    const before = log.add(10);
    step();
    copyFileSync(log.path, log.at('access.log.save'));
    step();
    const after = log.add(10);
    step();
    rotate(log);
    step(3_000);
    expectLines(log, before, after);
  });

  it('logs of several instances, whose numbers look like those of rotation, are all followed through their own', () => {
    const { log, past, step } = watched(['access-8001.log']);
    const other = { path: past.path };
    const written = [log.add(10), log.add(10, other.path)];
    step();
    for (let time = 0; time < 3; time++) {
      rotate(other);
      rotate(log);
      step();
      written.push(log.add(5), log.add(5, other.path));
      step(3_000);
      written.push(log.add(5), log.add(5, other.path));
      step();
      expect(past.stats).toMatchObject({ state: 'live', message: null });
    }
    unlinkSync(other.path);
    step();
    expect(past.stats).toMatchObject({ state: 'deleted' });
    expectLines(log, ...written);
  });

  it('two logs that change their names', () => {
    const { log, step } = watched(['b.log']);
    const written = [log.add(10), log.add(10, log.at('b.log'))];
    step();
    renameSync(log.path, log.at('c.log'));
    renameSync(log.at('b.log'), log.path);
    renameSync(log.at('c.log'), log.at('b.log'));
    step();
    written.push(log.add(10), log.add(10, log.at('b.log')));
    step(3_000);
    written.push(log.add(10), log.add(10, log.at('b.log')));
    step();
    expectLines(log, ...written);
  });

  it('from one run to the next, the file moved on meanwhile, and with a name more', () => {
    const first = watched();
    const { log } = first;
    const written = [log.add(10, `${log.path}.1`), log.add(10)];
    first.step();
    const saved = [log.follower, first.past].map((follower) => {
      follower.finish(log.nowMs, 'none');
      follower.close();
      return checkpointFromJson(JSON.parse(JSON.stringify(checkpointToJson(follower.checkpoint() as never))));
    });
    appendFileSync(`${log.path}.1`, text(written[written.push(fresh(5)) - 1] as string[]));
    written.push(log.add(5));
    rotate(log);
    written.push(log.add(5));

    const peers = new Peers();
    const gone: string[] = [];
    const followers = ['access.log.2', 'access.log.1', 'access.log'].map((name) => {
      const resumeFrom = { 'access.log': saved[0], 'access.log.1': saved[1] }[name];
      const onPlaceGone = () => gone.push(name);
      const path = log.at(name);
      return new GenerationFollower({ path, sink: log.sink, start: 'beginning', peers, resumeFrom, onPlaceGone });
    });
    for (const follower of followers) while (follower.poll(log.nowMs + 100));
    for (const follower of followers) follower.finish(log.nowMs + 200);
    for (const follower of followers) follower.close();
    expectLines(log, ...written);
    expect(gone).toEqual([]);
    expect(existsSync(`${log.path}.2`)).toBe(true);
  });

  it('but not where another watcher reads them: it reads for itself', async () => {
    const log = scene();
    writeFileSync(
      log.at('access.log'),
      `127.0.0.1 - - [${stamp(Date.now())}] "GET /1 HTTP/1.1" 200 12 "-" "curl/8.5"\n`,
    );
    const opened: LogSource[] = [];
    const paths: (string | null)[] = [];
    for (const peers of [followedTogether(), followedTogether()]) {
      const options = {
        path: log.at('access.log'),
        peers,
        format: 'auto',
        backend: 'generations',
        fromStart: true,
      } as const;
      const source = await openAccessLog({ ...options, sinceMs: Number.NaN }, (record) => paths.push(record.path));
      source.poll(Date.now());
      opened.push(source);
    }
    for (const source of opened) source.close();
    expect(paths).toEqual(['/1', '/1']);
  });

  it('with what was before, over rotated siblings: those that are watched by their own name once', async () => {
    const log = scene();
    const nowMs = Date.now();
    const line = (id: number): string =>
      `127.0.0.1 - - [${stamp(nowMs - 60_000)}] "GET /${id} HTTP/1.1" 200 12 "-" "curl/8.5"\n`;
    const names = ['access.log', 'access.log.1', 'access.log.2'];
    for (const [id, name] of names.entries()) {
      writeFileSync(log.at(name), line(id));
      utimesSync(log.at(name), nowMs / 1000 - 60, nowMs / 1000 - 60);
    }
    const paths: (string | null)[] = [];
    const peers = followedTogether();
    const logs = await Promise.all(
      names.slice(0, 2).map((name) =>
        openAccessLog(
          {
            path: log.at(name),
            peers,
            format: 'auto',
            backend: 'generations',
            fromStart: false,
            sinceMs: nowMs - 3_600_000,
            siblings: true,
          },
          (record) => paths.push(record.path),
        ),
      ),
    );
    for (const each of logs) each.poll(nowMs);
    for (const each of logs) while (await each.readHistory(nowMs));
    const again: (string | null)[] = [];
    for (const each of logs) {
      each.poll(nowMs);
      each.settle(nowMs, true);
      const reread = each.reread({
        access: ({ path }) => again.push(path),
        error: () => {},
        app: () => {},
        keepRaw: false,
      });
      while (await reread?.step(nowMs - 3_600_000));
      reread?.close();
    }
    for (const each of logs) each.close();
    expect(paths.toSorted()).toEqual(['/0', '/1', '/2']);
    expect(again.toSorted()).toEqual(['/0', '/1', '/2']);
  });
});

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
function stamp(atMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().slice(0, 19).split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}
