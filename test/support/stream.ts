/** A running `gtop stream`, and what it printed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onCleanup } from './cleanup.ts';
import { cleanEnvironment, gtopCommand } from './cli.ts';

export type StreamedObject = Readonly<Record<string, unknown>> & { readonly kind: string };

export class RunningStream {
  readonly child: ChildProcess;
  readonly #out: Buffer[] = [];
  readonly #err: Buffer[] = [];
  readonly #ended: Promise<unknown>;

  constructor(args: readonly string[]) {
    const [program, ...rest] = gtopCommand(['stream', ...args]);
    this.child = spawn(program, rest, { env: cleanEnvironment() });
    this.child.stdout?.on('data', (chunk: Buffer) => this.#out.push(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.#err.push(chunk));
    this.#ended = once(this.child, 'close');
    onCleanup(() => {
      this.child.kill('SIGKILL');
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#out);
  }

  /** What came last, some lines of it: all of a long stream is too much to look at again and again. */
  get tail(): string {
    return Buffer.concat(this.#out.slice(-2)).toString();
  }

  /** Whole lines so far. */
  get lines(): string[] {
    return this.bytes.toString().split('\n').slice(0, -1);
  }

  get objects(): StreamedObject[] {
    return this.lines.map((line) => JSON.parse(line));
  }

  get stderr(): string {
    return Buffer.concat(this.#err).toString();
  }

  /** The lines of the logs, as `--raw` shows them. */
  get raw(): string[] {
    return this.objects.map(({ line }) => String(line));
  }

  /** Ends it by a signal. @returns its exit code, null when the signal did. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    await this.#ended;
    return this.child.exitCode;
  }

  async ended(): Promise<number | null> {
    await this.#ended;
    return this.child.exitCode;
  }
}
