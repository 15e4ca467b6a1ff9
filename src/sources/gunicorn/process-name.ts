/** What the command line or title of a process says about whose it is. */

/** Gunicorn's process titles, gunicorn/util.py `_setproctitle`; the dirty arbiter's has no name. */
export type ProcessRole = 'master' | 'worker' | 'dirty-arbiter' | 'dirty-worker';

export interface ProcessTitle {
  readonly role: ProcessRole;
  readonly name: string | null;
}

/** Reads a title that setproctitle put in place of the command line; null for an ordinary command line. */
export function parseTitle(command: readonly string[]): ProcessTitle | null {
  const title = command.join(' ').trim();
  const match = /^gunicorn: (master|worker|dirty-arbiter|dirty-worker)(?: \[(.*)\])?$/s.exec(title);
  return match === null ? null : { role: match[1] as ProcessRole, name: match[2] ?? null };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isProgram = (word: string | undefined): boolean =>
  /^gunicorn3?(_django|_paster)?(-?[\d.]+)?$/.test(baseName(word ?? ''));
const isPython = (word: string | undefined): boolean => /^(python|pypy)[\d.]*$/.test(baseName(word ?? ''));
/** Python's own options that take the next word as value. */
const PYTHON_VALUES = new Set(['-W', '-X', '--check-hash-based-pycs']);

/**
 * The arguments behind Gunicorn's name in a command line; null when it is another program's. A file of Gunicorn's as
 * the argument of something else (`vim gunicorn.conf.py`, `grep gunicorn`) does not count.
 */
export function gunicornArguments(command: readonly string[]): readonly string[] | null {
  if (isProgram(command[0])) return command.slice(1);
  if (!isPython(command[0])) return null;
  for (let at = 1; at < command.length; at++) {
    const word = command[at] ?? '';
    if (word === '-m') {
      return /^gunicorn(\.app\.wsgiapp|\.__main__)?$/.test(command[at + 1] ?? '') ? command.slice(at + 2) : null;
    }
    if (PYTHON_VALUES.has(word)) at++;
    // `python -m gunicorn` shows the module's path once Python has resolved it.
    else if (!word.startsWith('-'))
      return isProgram(word) || /\/gunicorn\/__main__\.py$/.test(word) ? command.slice(at + 1) : null;
    else if (word === '-c') return null;
  }
  return null;
}
