/**
 * Tells that something happened to a log, so that it is looked at sooner than the next poll. Only a wake-up: reading is
 * right without it, so whatever goes wrong here (no inotify watches left, a folder that is not there yet, a network
 * file system) is no error.
 */
import { type FSWatcher, watch as fsWatch, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * A watch is taken down at its first event and set up again after this time: under 50,000 writes a second the events
 * alone would cost more than reading the lines.
 */
const REST_MS = 50;
/** After a failure (ENOSPC, EMFILE, ENOENT) it is tried again so often. */
const RETRY_MS = 5_000;

export type WatchFolder = (folder: string, onEvent: (event: string, name: string | null) => void) => FSWatcher;

const watchFolder: WatchFolder = (folder, onEvent) => fsWatch(folder, { persistent: false }, onEvent);

const foldersOf = (path: string): readonly { readonly folder: string; readonly base: string }[] => {
  const named = { folder: dirname(path), base: basename(path) };
  try {
    const real = realpathSync(path);
    return real === path ? [named] : [named, { folder: dirname(real), base: basename(real) }];
  } catch {
    return [named];
  }
};

/**
 * Calls `onWake` at most every 50 ms while the log at `path`, or the file behind a symbolic link, changes in any way.
 * Keeps no process alive.
 *
 * @param watch stands in for the system's, in tests.
 */
export function watchForWakeUps(
  path: string,
  onWake: () => void,
  watch: WatchFolder = watchFolder,
): { readonly close: () => void } {
  let watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const takeDown = () => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const setUpIn = (ms: number) => {
    takeDown();
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(setUp, ms);
    timer.unref();
  };
  const setUp = () => {
    try {
      for (const { folder, base } of foldersOf(path)) {
        const watcher = watch(folder, (_event, name) => {
          if (isClosed || (name !== null && name !== base)) return;
          setUpIn(REST_MS);
          onWake();
        });
        watcher.on('error', () => setUpIn(RETRY_MS));
        watchers.push(watcher);
      }
    } catch {
      setUpIn(RETRY_MS);
    }
  };

  setUp();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      takeDown();
    },
  };
}
