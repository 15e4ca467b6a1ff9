/**
 * The parts that the program is built of: CommonJS scripts in one folder, which require one another by `./name`.
 *
 * Node's own loader would compile them anew at every start, one after the other, each read asynchronously: that is half
 * of the time to the first picture (docs/decisions.md has the figures).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { CompiledCode, compiledCodeFile, writeCompiledCode } from './compiled-code.ts';

interface Part {
  exports: unknown;
  /** Stands for `import.meta.url`. */
  readonly url: string;
}

type Body = (exports: unknown, require: (name: string) => unknown, module: Part) => void;

/** By then all that is needed to start has run, and with it been compiled. */
const KEEP_AFTER_MS = 1500;

/** Modules of Node that a start does not need, and that take it 5 ms: loaded by the first use of what they export. */
const ON_DEMAND: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:crypto',
  'node:dgram',
  'node:fs/promises',
  'node:net',
  'node:tty',
  'node:zlib',
]);

export interface PartsOptions {
  readonly folder: string;
  /** Identifies the build that the folder holds. */
  readonly build: string;
  /** What is compiled by different threads is kept apart: they need different functions. */
  readonly thread: string;
}

export class Parts {
  readonly #folder: string;
  readonly #parts = new Map<string, Part>();
  readonly #scripts = new Map<string, Script>();
  readonly #file: string | null;
  /** Null once the start is over. */
  #kept: CompiledCode | null;
  #isComplete = true;

  constructor({ folder, build, thread }: PartsOptions) {
    this.#folder = folder;
    this.#file = compiledCodeFile(thread, build, process.env);
    this.#kept = CompiledCode.open(this.#file);
    setTimeout(() => this.#endStart(), KEEP_AFTER_MS).unref();
  }

  /** Runs a part, and what it requires, unless it has run. @returns what it exports. */
  load(name: string): unknown {
    const known = this.#parts.get(name);
    if (known !== undefined) return known.exports;
    const path = join(this.#folder, name);
    const part: Part = { exports: {}, url: pathToFileURL(path).href };
    this.#parts.set(name, part);
    const cachedData = this.#kept?.get(name);
    // The bundler writes ASCII: Latin-1 is read the quickest.
    const source = `(function(exports,require,module){${readFileSync(path, 'latin1')}\n})`;
    const script = new Script(source, { filename: path, ...(cachedData ? { cachedData } : {}) });
    if (cachedData === undefined || script.cachedDataRejected === true) this.#isComplete = false;
    this.#scripts.set(name, script);
    const body = script.runInThisContext() as Body;
    body.call(part.exports, part.exports, this.#requireFrom, part);
    part.exports = withoutGetters(part.exports);
    return part.exports;
  }

  readonly #requireFrom = (name: string): unknown => {
    if (name.startsWith('./')) return this.load(name.slice(2));
    return ON_DEMAND.has(name) ? onDemand(() => builtin(name)) : builtin(name);
  };

  /** What was kept has been taken; to keep what is new costs some 20 ms, once per build and Node. */
  #endStart(): void {
    const kept = this.#kept;
    if (this.#file !== null && kept !== null && !this.#isComplete) {
      const code = new Map<string, Uint8Array>();
      for (const name of kept.names) code.set(name, Buffer.from(kept.get(name) ?? []));
      for (const [name, script] of this.#scripts) code.set(name, script.createCachedData());
      writeCompiledCode(this.#file, code);
    }
    kept?.close();
    this.#kept = null;
    this.#scripts.clear();
  }
}

/**
 * A bundler exports by getters, so that a variable can change, and each use of another part's function goes through two
 * of them (measured: 5 % of the main thread's time, 6 ms of the start). Nothing that is exported here is given another
 * value later. What has none yet, a class whose package is set up later, keeps its getter.
 */
function withoutGetters(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports;
  const plain = {};
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    const value: unknown = Reflect.get(exports, name);
    const isSet = value !== undefined && value !== null;
    Object.defineProperty(plain, name, isSet ? { value, enumerable: property.enumerable ?? true } : property);
  }
  return plain;
}

/** A module of Node's own: all other packages are parts. `createRequire` would load half of Node's loaders first. */
function builtin(name: string): object {
  const module = process.getBuiltinModule(name) as object | undefined;
  if (module === undefined) throw new Error(`no module ${name} in Node ${process.version}`);
  return module;
}

/** Stands for a module until something of it is asked for, or all its names are. */
function onDemand(load: () => object): object {
  return new Proxy(
    {},
    {
      get: (_, name) => Reflect.get(load(), name),
      has: (_, name) => Reflect.has(load(), name),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor(_, name) {
        const property = Reflect.getOwnPropertyDescriptor(load(), name);
        // A proxy may call fixed only what its own target has.
        return property && { ...property, configurable: true };
      },
    },
  );
}
