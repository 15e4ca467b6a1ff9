/** The incidents of the lab. A new one is a file and a row here. */
import type { Incident } from '../incident.ts';
import { cpuBound } from './cpu-bound.ts';
import { crash } from './crash.ts';
import { deployFailing } from './deploy-failing.ts';
import { deploySlower } from './deploy-slower.ts';
import { exitAtImport } from './exit-at-import.ts';
import { importErrorLoop } from './import-error-loop.ts';
import { ioBound } from './io-bound.ts';
import { killed } from './killed.ts';
import { logMoved, logReplaced } from './log-moved.ts';
import { masterKilled } from './master-killed.ts';
import { masterOutOfMemory } from './master-out-of-memory.ts';
import { memoryLeak } from './memory-leak.ts';
import { outOfMemory } from './out-of-memory.ts';
import { queue, queueAtUnixSocket } from './queue.ts';
import { quiet } from './quiet.ts';
import { quietLull } from './quiet-lull.ts';
import { recycle } from './recycle.ts';
import { reload } from './reload.ts';
import { reloadBroken } from './reload-broken.ts';
import { scale } from './scale.ts';
import { slowPath } from './slow-path.ts';
import { stopped } from './stopped.ts';
import { stuck } from './stuck.ts';
import { timeout } from './timeout.ts';
import { timeoutBySigkill } from './timeout-by-sigkill.ts';
import { trafficStops } from './traffic-stops.ts';
import { unevenQueue } from './uneven-queue.ts';
import { upgradeBroken } from './upgrade-broken.ts';

/** The longest first: they are staged side by side. */
export const INCIDENTS: readonly Incident[] = [
  quietLull,
  trafficStops,
  memoryLeak,
  deploySlower,
  deployFailing,
  quiet,
  reload,
  recycle,
  scale,
  importErrorLoop,
  exitAtImport,
  reloadBroken,
  upgradeBroken,
  slowPath,
  queue,
  queueAtUnixSocket,
  unevenQueue,
  ioBound,
  timeout,
  timeoutBySigkill,
  stuck,
  stopped,
  killed,
  crash,
  outOfMemory,
  masterKilled,
  masterOutOfMemory,
  logMoved,
  logReplaced,
  cpuBound,
];
