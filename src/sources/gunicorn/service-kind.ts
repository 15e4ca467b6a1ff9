/** Worker classes that serve a countable number of requests at a time; all others run any number on one loop. */
const KINDS: Readonly<Record<string, 'sync' | 'gthread'>> = {
  sync: 'sync',
  SyncWorker: 'sync',
  gthread: 'gthread',
  ThreadWorker: 'gthread',
};

/** How a worker class serves: `sync`, `gthread.ThreadWorker`, `egg:gunicorn#sync`; null for loops and the unknown. */
export function serviceKind(workerClass: string | null): 'sync' | 'gthread' | null {
  return KINDS[/(\w+)\W*$/.exec(workerClass ?? '')?.[1] ?? ''] ?? null;
}
