/**
 * Settings out of a `gunicorn.conf.py`. The file is Python and may decide anything; here it is read, never run:
 * `name = literal` at the top level counts, and a name that is set in any other way is said to be computed.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { type GunicornSettings, UNKNOWN_SETTINGS } from './command-line.ts';
import { type Statement, splitStatements, type Token } from './python-statements.ts';

/** A setting that the file decides when it runs. */
export interface ComputedSetting {
  /** Gunicorn's name, `workers`. */
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

export type ConfigFile =
  | {
      readonly ok: true;
      /** Null is "not known", as in {@link GunicornSettings}: never named, computed, or `None`. */
      readonly settings: GunicornSettings;
      readonly computed: readonly ComputedSetting[];
      /** It may set names that do not stand in it: by `from … import *`, `exec`, `globals()` and the like. */
      readonly isOpen: boolean;
    }
  | { readonly ok: false; readonly message: string };

type Literal = string | number | null | readonly Literal[];
type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Value = string | number | readonly string[] | null;

/** @returns what Gunicorn makes of the value; undefined when it would not take it. */
type Convert = (value: Literal) => Value | undefined;

/** A setting that is read, and the key that it has here. */
interface Setting {
  readonly key: keyof GunicornSettings;
  readonly convert: Convert;
}

/** More than any configuration; less than what would be a mistake to read. */
const MOST_BYTES = 1024 * 1024;

/** `validate_string`, gunicorn/config.py: blanks around it are dropped. */
const text: Convert = (value) => (value === null || typeof value === 'string' ? (value?.trim() ?? null) : undefined);

/** `validate_pos_int`, gunicorn/config.py: a whole number, or text that is one, `0x4` too. */
const count: Convert = (value) => {
  if (Array.isArray(value) || value === null || value === '') return undefined;
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
};

/** `validate_list_string`, gunicorn/config.py: a list of texts, or one text with commas. */
const list: Convert = (value) => {
  if (typeof value === 'string') return value.split(',').map((item) => item.trim());
  if (!Array.isArray(value)) return undefined;
  const items = value.filter((item): item is string => typeof item === 'string');
  return items.length === value.length ? items : undefined;
};

/** By Gunicorn's name. One row to add one. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  access_log_format: { key: 'accessLogFormat', convert: text },
  accesslog: { key: 'accessLog', convert: text },
  backlog: { key: 'backlog', convert: count },
  bind: { key: 'bind', convert: list },
  chdir: { key: 'chdir', convert: text },
  control_socket: { key: 'controlSocket', convert: text },
  dirty_apps: { key: 'dirtyApps', convert: list },
  errorlog: { key: 'errorLog', convert: text },
  loglevel: { key: 'logLevel', convert: text },
  max_requests: { key: 'maxRequests', convert: count },
  max_requests_jitter: { key: 'maxRequestsJitter', convert: count },
  pidfile: { key: 'pidFile', convert: text },
  proc_name: { key: 'name', convert: text },
  threads: { key: 'threads', convert: count },
  timeout: { key: 'timeoutSeconds', convert: count },
  worker_class: { key: 'workerClass', convert: text },
  worker_connections: { key: 'workerConnections', convert: count },
  worker_tmp_dir: { key: 'workerTmpDir', convert: text },
  workers: { key: 'workers', convert: count },
  wsgi_app: { key: 'app', convert: text },
};

/** Names by which a file reaches its own variables without writing them down. */
const BACK_DOORS = new Set(['eval', 'exec', 'execfile', 'globals', 'locals', 'setattr', 'vars']);

const isSetting = (name: string | undefined): name is string => name !== undefined && Object.hasOwn(SETTINGS, name);

/** A literal of texts, whole numbers, None, lists and tuples; undefined for anything else. */
class LiteralReader {
  readonly #tokens: readonly Token[];
  #at: number;

  constructor(tokens: readonly Token[], start: number) {
    this.#tokens = tokens;
    this.#at = start;
  }

  /** The whole rest of the tokens; a tuple needs no parentheses there. */
  readAll(): Literal | undefined {
    const value = this.#sequence(undefined);
    return this.#at === this.#tokens.length ? value : undefined;
  }

  #takes(operator: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = token?.kind === 'operator' && token.text === operator;
    if (isIt) this.#at++;
    return isIt;
  }

  #value(): Literal | undefined {
    if (this.#takes('(')) return this.#sequence(')');
    if (this.#takes('[')) return this.#sequence(']');
    const token = this.#tokens[this.#at];
    if (token?.kind === 'string') return this.#text();
    this.#at++;
    if (token?.kind === 'number') {
      const number = Number(token.text.replaceAll('_', ''));
      return Number.isInteger(number) ? number : undefined;
    }
    return token?.text === 'None' ? null : undefined;
  }

  /** Strings side by side are one (implicit concatenation). */
  #text(): string | undefined {
    let text = '';
    for (let token = this.#tokens[this.#at]; token?.kind === 'string'; token = this.#tokens[++this.#at]) {
      if (token.value === null) return undefined;
      text += token.value;
    }
    return text;
  }

  /** Values up to `close`: a list in brackets, elsewhere a tuple if there is a comma, and the value itself if not. */
  #sequence(close: ')' | ']' | undefined): Literal | undefined {
    const values: Literal[] = [];
    let hasComma = false;
    const isAtEnd = (): boolean => (close === undefined ? this.#at >= this.#tokens.length : this.#takes(close));
    while (!isAtEnd()) {
      if (values.length > 0 && !hasComma) return undefined;
      const value = this.#value();
      if (value === undefined) return undefined;
      values.push(value);
      hasComma = this.#takes(',');
      if (isAtEnd()) return close === ']' || hasComma || values.length > 1 ? values : value;
      if (!hasComma) return undefined;
    }
    return close === undefined ? undefined : values;
  }
}

/** The names before each `=` of `a = b = …`, `a: int = …`, and where the value begins; null for any other statement. */
function assignment({ tokens }: Statement): { readonly names: readonly string[]; readonly valueAt: number } | null {
  const names: string[] = [];
  let at = 0;
  while (tokens[at]?.kind === 'name') {
    let equals = at + 1;
    // An annotation: whatever it is, up to the sign.
    if (names.length === 0 && tokens[equals]?.text === ':') {
      while (equals < tokens.length && tokens[equals].text !== '=') equals++;
    }
    if (tokens[equals]?.text !== '=') break;
    names.push(tokens[at].text);
    at = equals + 1;
  }
  return names.length > 0 ? { names, valueAt: at } : null;
}

const STORES = new Set(['=', ':=', '+=', '-=', '*=', '/=', '//=', '%=', '**=', '@=', '&=', '|=', '^=', '<<=', '>>=']);
const NAMING_WORDS = new Set(['as', 'class', 'def', 'del', 'for', 'global', 'import']);

/**
 * Settings that a statement may set in a way that is not read here. Rather one too many than one too few: what is
 * wrongly taken for computed is unknown, what is missed would be wrong.
 */
function namesSetBy({ tokens }: Statement): string[] {
  const lastStore = tokens.findLastIndex(({ text }) => STORES.has(text));
  const isNaming = tokens.some(({ kind, text }) => kind === 'name' && NAMING_WORDS.has(text));
  let depth = 0;
  return tokens.flatMap(({ kind, text }, index) => {
    if (kind === 'operator' && '([{'.includes(text)) depth++;
    else if (kind === 'operator' && ')]}'.includes(text)) depth--;
    if (kind !== 'name' || !isSetting(text) || tokens[index - 1]?.text === '.') return [];
    // `f(workers=4)` names a parameter.
    const isParameter = depth > 0 && tokens[index + 1]?.text === '=';
    return !isParameter && (isNaming || index < lastStore) ? [text] : [];
  });
}

/** Whether a statement may set names that do not stand in it. */
const isBackDoor = ({ tokens }: Statement): boolean =>
  isStarImport(tokens) || tokens.some(({ kind, text }) => kind === 'name' && BACK_DOORS.has(text));

const isStarImport = (tokens: Statement['tokens']): boolean => tokens[0].text === 'from' && tokens.at(-1)?.text === '*';

/** Whether a statement opens a function or a class, whose names are its own. */
const opensScope = ({ tokens }: Statement): boolean => ['def', 'class', 'async'].includes(tokens[0].text);

/**
 * Reads the text of a configuration file. The last assignment to a name counts, as in Python; in a function or a class
 * it counts for nothing, in any other block (`if`, `try`) its name is computed. So is everything before
 * `from … import *`.
 */
export function parseConfigFile(source: string): ConfigFile {
  const split = splitStatements(source);
  if (!split.ok) return { ok: false, message: `line ${split.line}: ${split.problem}` };
  const known = new Map<string, Partial<GunicornSettings>>();
  const computed = new Map<string, number>();
  const setComputed = (name: string, line: number): void => {
    known.delete(name);
    computed.set(name, line);
  };

  let isInScope = false;
  for (const statement of split.statements) {
    const { tokens, line, isNested } = statement;
    if (!isNested) isInScope = opensScope(statement);
    const isLocal = isNested && isInScope && tokens[0].text !== 'global';
    if (isLocal) continue;
    const set = isNested ? null : assignment(statement);
    if (set === null) {
      const names = isStarImport(tokens) ? [...known.keys()] : namesSetBy(statement);
      for (const name of names) setComputed(name, line);
      continue;
    }
    const value = new LiteralReader(tokens, set.valueAt).readAll();
    // What the value holds may set something too: `a = (workers := 4)`, `a = workers, b = …`.
    if (value === undefined) for (const name of namesSetBy(statement)) setComputed(name, line);
    for (const name of set.names.filter(isSetting)) {
      const { key, convert } = SETTINGS[name];
      const converted = value === undefined ? undefined : convert(value);
      if (converted === undefined) setComputed(name, line);
      else {
        known.set(name, { [key]: converted });
        computed.delete(name);
      }
    }
  }
  const settings: Writable<GunicornSettings> = Object.assign({ ...UNKNOWN_SETTINGS }, ...known.values());
  const isOpen = split.statements.some(isBackDoor);
  return { ok: true, settings, computed: [...computed].map(([name, line]) => ({ name, line })), isOpen };
}

/** Gunicorn's defaults below a file: of what it computes, and where it may set anything, they say nothing. */
export function defaultsBelow(file: ConfigFile, defaults: GunicornSettings): GunicornSettings {
  if (!file.ok || file.isOpen) return UNKNOWN_SETTINGS;
  const left: Writable<GunicornSettings> = { ...defaults };
  for (const { name } of file.computed) Object.assign(left, { [SETTINGS[name].key]: null });
  return left;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'not found',
  EACCES: 'permission denied: run gtop as a user who may read it',
  EISDIR: 'a folder, not a file',
};

/**
 * Reads a configuration file, of at most 1 MiB. A FIFO or a device is refused and never waited for.
 * @param path as `gunicorn --config` takes it: `file:` before it is dropped.
 * @returns or one line that names the file and what is wrong with it.
 */
export function readConfigFile(path: string): ConfigFile {
  const file = path.replace(/^file:/, '');
  const fail = (problem: string): ConfigFile => ({ ok: false, message: `${file}: ${problem}` });
  if (file.startsWith('python:')) return fail('a Python module, which gtop does not run: name its file instead');
  let fd: number | null = null;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return fail(stat.isDirectory() ? 'a folder, not a file' : 'not a regular file');
    if (stat.size > MOST_BYTES) return fail('larger than 1 MiB: not a configuration file');
    const parsed = parseConfigFile(readFileSync(fd, 'utf8'));
    return parsed.ok ? parsed : fail(parsed.message);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return fail(PROBLEMS[code] ?? `cannot be read: ${code}`);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
