/** A program in a pane of tmux, on a server of its own. */
import { execFileSync } from 'node:child_process';
import { onCleanup } from './cleanup.ts';
import { until } from './wait.ts';

let count = 0;

export class TmuxPane {
  readonly #socket = `gtop-test-${process.pid}-${++count}`;

  /** @param script for `sh -c`, with `args` as its `$@`; the pane stays open behind it. */
  constructor(script: string, args: readonly string[], columns = 60, rows = 12) {
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, 'sh', '-c', `${script}; exec sleep 600`, 'sh', ...args);
    onCleanup(() => {
      this.#tmux('kill-server');
    });
  }

  /** The process that the pane started. */
  get pid(): number {
    return Number(this.#format('#{pane_pid}'));
  }

  get inAlternateScreen(): boolean {
    return this.#format('#{alternate_on}') === '1';
  }

  get isCursorShown(): boolean {
    return this.#format('#{cursor_flag}') === '1';
  }

  /** The screen, lines that wrapped put together again. */
  text(): string {
    return this.#tmux('capture-pane', '-p', '-J');
  }

  press(key: string): void {
    this.#tmux('send-keys', key === 'Ctrl-C' ? 'C-c' : key);
  }

  waitFor(wanted: string, deadlineMs = 30_000): Promise<string> {
    return until(`${wanted} in tmux`, () => (this.text().includes(wanted) ? this.text() : null), deadlineMs);
  }

  #format(format: string): string {
    return this.#tmux('display-message', '-p', format).trim();
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
