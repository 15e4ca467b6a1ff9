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
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

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

/** Where the code of each part lies in the file: its first byte and their number. */
type Index = Readonly<Record<string, readonly [offset: number, length: number]>>;

/** The file begins with the length of its index, which is JSON. */
const LENGTH_BYTES = 4;

/**
 * The compiled code of a thread's parts. It is read part by part into one buffer: all of it at once would be megabytes
 * that stay until the garbage is collected.
 */
export class CompiledCode {
  readonly #file: number | null;
  readonly #index: Index;
  #buffer = Buffer.alloc(0);

  private constructor(file: number | null, index: Index) {
    this.#file = file;
    this.#index = index;
  }

  /** Nothing where there is no file, or one that cannot be trusted. */
  static open(path: string | null): CompiledCode {
    let file: number | null = null;
    try {
      if (path === null) return new CompiledCode(null, {});
      file = openSync(path, 'r');
      const { uid, mode, size } = fstatSync(file);
      if (uid !== process.geteuid?.() || (mode & WRITABLE_BY_OTHERS) !== 0) throw new Error('not of this user alone');
      const length = Buffer.alloc(LENGTH_BYTES);
      readSync(file, length, 0, LENGTH_BYTES, 0);
      const text = Buffer.alloc(Math.min(length.readUInt32LE(), size));
      readSync(file, text, 0, text.length, LENGTH_BYTES);
      const index: unknown = JSON.parse(text.toString());
      if (!isIndex(index, size)) throw new Error('not an index');
      return new CompiledCode(file, index);
    } catch {
      if (file !== null) closeSync(file);
      return new CompiledCode(null, {});
    }
  }

  get names(): readonly string[] {
    return this.#file === null ? [] : Object.keys(this.#index);
  }

  /** The code of a part, until the next call; undefined where none is kept. V8 itself refuses what is damaged. */
  get(name: string): Buffer | undefined {
    if (this.#file === null || !Object.hasOwn(this.#index, name)) return undefined;
    const [offset, length] = this.#index[name];
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length);
    return readSync(this.#file, this.#buffer, 0, length, offset) === length
      ? this.#buffer.subarray(0, length)
      : undefined;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}

/** Keeps compiled code. A cache that cannot be written, on a read-only or full disk, is none; nobody needs to know. */
export function writeCompiledCode(path: string, code: ReadonlyMap<string, Uint8Array>): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, packed(code), { mode: 0o600, flag: 'wx' });
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

function isIndex(value: unknown, fileBytes: number): value is Index {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every(
    (row) => Array.isArray(row) && row.every((each) => each >= 0) && row[0] + row[1] <= fileBytes,
  );
}

/** The file's bytes: the length of the index, the index, the code of one part after the other. */
function packed(code: ReadonlyMap<string, Uint8Array>): Buffer {
  // Offsets have as many digits whatever they are, so that the length of the index does not depend on them.
  const indexFrom = (first: number): Buffer => {
    let offset = first;
    const rows = [...code].map(([name, { length }]) => {
      const row = `${JSON.stringify(name)}:[${String(offset).padStart(12)},${length}]`;
      offset += length;
      return row;
    });
    return Buffer.from(`{${rows.join()}}`);
  };
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(indexFrom(0).length);
  const index = indexFrom(LENGTH_BYTES + length.readUInt32LE());
  return Buffer.concat([length, index, ...code.values()]);
}

/** What earlier builds kept for the same thread and Node. */
function removeOthers(path: string): void {
  const folder = dirname(path);
  const place = (name: string): string => name.replace(/-[0-9a-z]+-/, '-*-');
  const others = readdirSync(folder).filter((name) => name !== basename(path) && place(name) === place(basename(path)));
  for (const name of others) unlinkSync(join(folder, name));
}
