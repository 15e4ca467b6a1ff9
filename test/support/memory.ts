/** What a test process holds. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Bytes of the heap that are in use once all garbage has gone: other tests of the same process leave theirs. */
export function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
