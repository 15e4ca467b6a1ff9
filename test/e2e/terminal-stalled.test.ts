/** A terminal that stops reading costs frames, nothing else. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { buildFixtureApp } from '../support/fixture-app.ts';
import { Pty } from '../support/pty.ts';
import { isAlive, until } from '../support/wait.ts';

interface Report {
  readonly ticks: number;
  readonly heldBytes: number;
  /** To the terminal. */
  readonly written: number;
}

let pty: Pty;
let file: string;

const report = (): Report | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Not there yet, or just being written.
    return null;
  }
};

const reportAfter = (ticks: number): Promise<Report> =>
  until(`tick ${ticks}`, () => {
    const latest = report();
    return latest !== null && latest.ticks > ticks ? latest : null;
  });

/** Stops reading and waits until the kernel's buffer is full: nothing is written from then on. */
async function stall(): Promise<Report> {
  pty.pause();
  let before = await reportAfter(0);
  return until('the terminal takes nothing any more', async () => {
    const now = await reportAfter(before.ticks + 30);
    const full = now.written === before.written;
    before = now;
    return full ? now : null;
  });
}

beforeEach(async () => {
  const [program = '', ...args] = await buildFixtureApp('flood');
  file = join(temporaryFolder(), 'report.json');
  pty = new Pty([program, '--expose-gc', ...args, file]);
  await pty.waitFor('tick');
});

afterEach(cleanUp);

describe('a terminal that stops reading', () => {
  it('stops neither timers nor memory, and shows the newest when it reads again', async () => {
    const stalled = await stall();
    const later = await reportAfter(stalled.ticks + 300);
    expect(later.written).toBe(stalled.written);
    // 300 frames of 7 kB would be 2 MB of text, and several times that as strings and buffers.
    expect(later.heldBytes - stalled.heldBytes).toBeLessThan(1_000_000);

    pty.resume();
    await pty.waitFor((screen) => Number(/tick (\d+)\./.exec(screen)?.[1]) > later.ticks);
    const rows = pty.screen().slice(1);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([160]));
    pty.press('q');
    expect(await pty.exit()).toEqual({ code: 0, signal: 0 });
    expect(pty.inAlternateScreen).toBe(false);
  });

  it.each([
    { how: 'SIGTERM', end: () => pty.kill('SIGTERM'), status: { code: 143, signal: 0 } },
    { how: 'SIGHUP', end: () => pty.kill('SIGHUP'), status: { code: 0, signal: constants.signals.SIGHUP } },
    { how: 'SIGQUIT', end: () => pty.kill('SIGQUIT'), status: { code: 0, signal: constants.signals.SIGQUIT } },
    { how: 'Ctrl-C', end: () => pty.press('Ctrl-C'), status: { code: 130, signal: 0 } },
    { how: 'q', end: () => pty.press('q'), status: { code: 0, signal: 0 } },
  ])('does not keep $how from ending the program', async ({ end, status }) => {
    await stall();
    end();
    await until('the program is gone', () => !isAlive(pty.pid), 1000);
    // Only now, with nobody there to write, is the rest read.
    pty.resume();
    expect(await pty.exit()).toEqual(status);
  });
});
