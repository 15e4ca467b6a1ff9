/**
 * V8's compiled form of the program's parts, kept between runs in a file of the user's own.
 *
 * V8 itself refuses what another version of it, or other flags, made. It knows a source by its length alone, so the
 * file's name holds what identifies the build. Code that is read here is run: a file that anybody else could have
 * written is not read (root with the home of a user, a folder that all may write to).
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** By part. */
export type CompiledCode = ReadonlyMap<string, Uint8Array>;

/** Group and others may write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Where the compiled code of a thread is kept: `~/.cache/gtop/…`, by the XDG Base Directory Specification.
 * @returns null for a user without a home.
 */
export function compiledCodeFile(thread: string, build: string, env: NodeJS.ProcessEnv): string | null {
  const cache = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(env.HOME ?? homedirOrRoot(), '.cache');
  return cache.startsWith('/') && cache !== '/.cache'
    ? join(cache, 'gtop', `${thread}-${build}-${process.version}-${process.arch}`)
    : null;
}

function homedirOrRoot(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

/** @returns what is kept; empty where there is nothing, or nothing that can be trusted. */
export function readCompiledCode(path: string): CompiledCode {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const { uid, mode } = fstatSync(file);
    if (uid !== process.geteuid?.() || (mode & WRITABLE_BY_OTHERS) !== 0) return new Map();
    const kept: unknown = deserialize(readFileSync(file));
    return kept instanceof Map ? kept : new Map();
  } catch {
    return new Map();
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Keeps compiled code. A cache that cannot be written, on a read-only or full disk, is none; nobody needs to know. */
export function writeCompiledCode(path: string, code: CompiledCode): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, serialize(code), { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, path);
    removeOthers(path);
  } catch {
    try {
      unlinkSync(unfinished);
    } catch {
      // It was not made.
    }
  }
}

/** What earlier builds kept for the same thread and Node. */
function removeOthers(path: string): void {
  const folder = dirname(path);
  const place = (name: string): string => name.replace(/-[0-9a-z]+-/, '-*-');
  const others = readdirSync(folder).filter((name) => name !== basename(path) && place(name) === place(basename(path)));
  for (const name of others) unlinkSync(join(folder, name));
}
