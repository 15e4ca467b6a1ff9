/** Which of several Gunicorns: a question on the terminal, before the screen is taken. */
import { createInterface } from 'node:readline/promises';
import type { DiscoveredMaster } from '../sources/gunicorn/index.ts';
import { visible } from '../text/visible.ts';

/** `2  26188  shop:app  127.0.0.1:8000`. */
export const rowOf = ({ pid, app, listeners }: DiscoveredMaster, number: number): string =>
  [String(number).padStart(3), String(pid).padStart(7), ...[app ?? 'gunicorn', ...listeners].map(visible)].join('  ');

/** The number that was typed as an index; the pid of one is as good. Null for anything else. */
export function choose(answer: string, masters: readonly DiscoveredMaster[]): number | null {
  const typed = Number(answer.trim());
  if (!Number.isInteger(typed) || answer.trim() === '') return null;
  if (typed >= 1 && typed <= masters.length) return typed - 1;
  const index = masters.findIndex(({ pid }) => pid === typed);
  return index === -1 ? null : index;
}

/** @returns the one chosen; null when the person gives up (an empty line, Ctrl-D). */
export async function pickMaster(masters: readonly DiscoveredMaster[]): Promise<DiscoveredMaster | null> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    process.stderr.write(`${masters.length} Gunicorns run here:\n`);
    masters.forEach((master, index) => {
      process.stderr.write(`${rowOf(master, index + 1)}\n`);
    });
    for (;;) {
      const answer = await ask(terminal, `Which one? [1-${masters.length}, Enter: none] `);
      if (answer === null || answer.trim() === '') return null;
      const index = choose(answer, masters);
      if (index !== null) return masters[index] ?? null;
    }
  } finally {
    terminal.close();
  }
}

/** Null when the input ends. */
function ask(terminal: ReturnType<typeof createInterface>, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (): void => resolve(null);
    terminal.once('close', end);
    terminal.question(question).then(
      (answer) => {
        terminal.off('close', end);
        resolve(answer);
      },
      () => resolve(null),
    );
  });
}
