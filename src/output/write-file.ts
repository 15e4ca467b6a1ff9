import { randomBytes } from 'node:crypto';
import { open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Writes a file whole or not at all: exclusively beside the target, then renamed into place. A symbolic link at the
 * target is replaced, never followed.
 * @param mode permission bits, less the umask (0o600 for snapshots, 0o666 for reports).
 * @throws the system's error; a sentence where its folder is missing, or where a folder, a device, a named pipe or a
 *   socket stands: root would rename over some of these.
 */
export async function writeFileWhole(path: string, text: string, mode: number): Promise<void> {
  const target = await stat(path).catch(() => null);
  if (target?.isDirectory()) throw new Error('is a folder, not a file');
  const isSpecial = target !== null && !target.isFile();
  if (isSpecial || dirname(resolve(path)) === '/dev') throw new Error('not a regular file: name another one');
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  const file = await open(beside, 'wx', mode).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error(`there is no folder ${dirname(path)}`) : error;
  });
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
