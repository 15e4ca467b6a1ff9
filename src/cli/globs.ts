/** Patterns in the names of logs: `--log '/var/log/gunicorn/*.log'`, quoted so that the shell leaves them alone. */
import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';

const WILD = /[*?]/;
/** What rotation makes of a log matches `access*`, too, but is its past. */
const ROTATED = /(?:\.gz|\.\d+|-\d{8}(?:-\d+)?)$/;

/**
 * The files that a name with `*` or `?` means, in the order of their names, without rotated ones. A name that is there
 * as it stands, one without a pattern, and one that matches nothing (the log may come later) are left as they are.
 */
export function expandGlob(path: string): readonly string[] {
  if (!WILD.test(path) || existsSync(path)) return [path];
  let found = [isAbsolute(path) ? sep : ''];
  for (const segment of path.split(sep).filter((part) => part !== '')) {
    found = found.flatMap((folder) => (WILD.test(segment) ? matches(folder, segment) : [join(folder, segment)]));
  }
  const files = found.filter((file) => existsSync(file) && !ROTATED.test(file)).sort();
  return files.length > 0 ? files : [path];
}

function matches(folder: string, pattern: string): readonly string[] {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  // As a shell has it: a star does not match a leading dot.
  const expression = new RegExp(`^(?!\\.)${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
  try {
    return readdirSync(folder === '' ? '.' : folder)
      .filter((name) => expression.test(name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
