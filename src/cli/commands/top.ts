/** `gtop`: the dashboard, or with `--once` (or without a terminal) samples on standard output. */
import type { Context } from '../context.ts';

export default async function top(context: Context): Promise<number> {
  const onScreen =
    process.stdout.isTTY && !context.flags.once && !context.flags.json && context.flags.count === undefined;
  const { default: run } = onScreen ? await import('./dashboard.ts') : await import('./once.ts');
  return run(context);
}
