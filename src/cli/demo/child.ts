/** Entry of the demo's child processes. */
import { runMaster } from './master.ts';
import { runTraffic } from './traffic.ts';
import { runWorker } from './worker.ts';

const ROLES: Readonly<Record<string, () => void>> = { master: runMaster, worker: runWorker, traffic: runTraffic };

/** Plays one part of the demo in this process, until its parent ends. */
export function runDemoChild(role: string): void {
  const run = ROLES[role];
  if (run === undefined || process.send === undefined) {
    process.stderr.write('gtop: GTOP_DEMO_ROLE is set, which only `gtop demo` does for its own processes: unset it\n');
    process.exit(2);
  }
  run();
}
