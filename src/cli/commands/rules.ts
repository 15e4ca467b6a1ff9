/** `gtop rules check FILE…` and `gtop rules backtest RULES LOG…`. */
import { closest } from '../config.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';

const TASKS: Readonly<Record<string, () => Promise<{ default: (context: Context) => Promise<number> }>>> = {
  check: () => import('../rules/check.ts'),
  backtest: () => import('../rules/backtest.ts'),
};

export default async function rules(context: Context): Promise<number> {
  const task = String(context.flags.task);
  const load = Object.hasOwn(TASKS, task) ? TASKS[task] : undefined;
  if (load === undefined) {
    const meant = closest(task, Object.keys(TASKS)) ?? 'check';
    throw usageError(`unknown command 'rules ${task}', did you mean 'rules ${meant}'?`);
  }
  const { default: run } = await load();
  return run(context);
}
