/** Secrets in the URLs that an access log holds: their names, never their values. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The end of the log that is looked at. */
const BYTES = 1024 * 1024;
const PARAMETER = /[?&]([\w.[\]-]{1,40})=[^&\s"]/g;
const SECRET =
  /^(?:.*[_.-])?(?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|apikey|auth|access[_-]?key|private[_-]?key|signature|session(?:id)?|jwt)$/i;

/** Names of query parameters that look like secrets, in the order of their names. @throws the system's error. */
export function secretParameters(path: string): string[] {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(BYTES, size));
    const length = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return secretsIn(buffer.toString('latin1', 0, length));
  } finally {
    closeSync(fd);
  }
}

export function secretsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [, name = ''] of text.matchAll(PARAMETER)) if (SECRET.test(name)) found.add(name);
  return [...found].sort();
}
