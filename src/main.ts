/**
 * Entry of the bundle: the program itself, or one of the demo's processes. Each part is imported only where it is
 * played.
 */
import type { Worker } from 'node:worker_threads';
import { startEngineThread } from './engine/thread.ts';

const argv = process.argv.slice(2);
const beside = (name: string): URL => new URL(name, import.meta.url);

if (process.env.GTOP_DEMO_ROLE) {
  const role = process.env.GTOP_DEMO_ROLE;
  void import('./cli/demo/child.ts').then(({ runDemoChild }) => runDemoChild(role));
} else {
  // Most often it is the dashboard: its engine starts while the command line is read.
  let early = looksLikeDashboard() ? startEngineThread(beside('./engine.cjs')) : null;
  const startEngine = (): Worker => {
    const thread = early ?? startEngineThread(beside('./engine.cjs'));
    early = null;
    return thread;
  };
  void import('./cli/main.ts').then(({ main }) =>
    main(argv, {
      program: beside('./gtop.js'),
      startEngine,
      reportPart: beside('./report-part.cjs'),
    }),
  );
}

/** A guess: a thread that nobody takes ends with the process. */
function looksLikeDashboard(): boolean {
  const command = /^[a-z]/.test(argv[0] ?? '') ? argv[0] : 'top';
  const isOther = argv.some((flag) => /^(--once|--json|--count|--help|--version|--print-config|-[hVn])/.test(flag));
  return process.stdout.isTTY && !isOther && ['top', 'demo', 'replay'].includes(command ?? '');
}
