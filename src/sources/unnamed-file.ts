/** Files that are gone when they are closed. */
import { randomBytes } from 'node:crypto';
import { constants, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file without a name, read and written by its owner only: what is too large for memory is set down there. @throws the system's error. */
export function openUnnamed(): number {
  const path = join(tmpdir(), `gtop-${randomBytes(8).toString('hex')}`);
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  return fd;
}

export function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
