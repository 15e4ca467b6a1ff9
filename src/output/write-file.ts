import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file whole or not at all: exclusively beside the target, then renamed into place. A symbolic link at the
 * target is replaced, never followed.
 * @param mode permission bits, less the umask (0o600 for snapshots, 0o666 for reports).
 */
export async function writeFileWhole(path: string, text: string, mode: number): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  const file = await open(beside, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.close();
    await rename(beside, path);
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(beside).catch(() => {});
    throw error;
  }
}
