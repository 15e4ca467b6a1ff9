/** gtop beside a Gunicorn: every sample it prints, and when. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { onCleanup } from '../support/cleanup.ts';
import { cleanEnvironment, gtopCommand } from '../support/cli.ts';
import { until } from '../support/wait.ts';

export interface Sight {
  readonly atMs: number;
  readonly snapshot: Snapshot;
}

/** A lab run is over long before. */
const SAMPLES = 600;

export class Watch {
  /** In the order of time. */
  readonly sights: Sight[] = [];
  readonly #child: ChildProcess;
  #complaints = '';

  constructor(args: readonly string[]) {
    const [program, ...rest] = gtopCommand(['--once', '--json', '-n', String(SAMPLES), '-d', '1s', ...args]);
    const child = spawn(program ?? '', rest, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    onCleanup(() => this.stop());
    process.once('exit', this.#kill);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.sights.push({ atMs: Date.now(), snapshot: JSON.parse(line) });
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#complaints += chunk;
    });
  }

  /** The newest sample; @throws before the first one. */
  get newest(): Snapshot {
    const last = this.sights.at(-1);
    if (last === undefined) throw new Error('gtop has printed nothing yet');
    return last.snapshot;
  }

  /** Waits for a sample, of those to come, that satisfies `test`. @throws when there is none in time, or gtop ends. */
  async until(what: string, test: (snapshot: Snapshot) => boolean, deadlineMs: number): Promise<void> {
    let next = this.sights.length;
    await until(
      what,
      () => {
        if (this.#child.exitCode !== null) throw new Error(`gtop ended (${this.#child.exitCode}): ${this.#complaints}`);
        while (next < this.sights.length) {
          const sight = this.sights[next++];
          if (sight && test(sight.snapshot)) return true;
        }
        return false;
      },
      deadlineMs,
    );
  }

  async stop(): Promise<void> {
    process.off('exit', this.#kill);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  readonly #kill = (): void => void this.#child.kill('SIGKILL');
}
