/** Rule files on the disk: read, read again when they have changed, the last good rules kept. */
import { readFile, stat } from 'node:fs/promises';
import type { ClassicFile } from '../../alerts/classic/index.ts';
import type { RuleFile } from '../../alerts/rules/index.ts';
import type { RuleFileRow } from '../../model/snapshot.ts';

export type LoadedFile =
  | { readonly kind: 'rules'; readonly file: RuleFile }
  | { readonly kind: 'classical'; readonly file: ClassicFile };

export type FileResult =
  | { readonly ok: true; readonly loaded: LoadedFile }
  /** `isBroken`: the file is there, and what stands in it is no rules. */
  | { readonly ok: false; readonly isBroken: boolean; readonly problems: readonly string[] };

const MAX_BYTES = 1024 * 1024;

const SAID: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'is a folder, not a rule file',
};

/** Reads one file, in the language that it is written in. PromQL and its parser are loaded for it. */
export async function loadRuleFile(path: string): Promise<FileResult> {
  const failed = (message: string, isBroken = false): FileResult => ({
    ok: false,
    isBroken,
    problems: [`${path}: ${message}`],
  });
  let text: string;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return failed('is a folder, not a rule file');
    if (!stats.isFile()) return failed('is not a regular file');
    if (stats.size > MAX_BYTES) return failed('larger than 1 MiB', true);
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return failed(SAID[code] ?? code);
  }
  const { isClassic, readClassicFile } = await import('../../alerts/classic/index.ts');
  if (isClassic(path, text)) {
    const classic = readClassicFile(path, text);
    if (!classic.ok) return { ok: false, isBroken: true, problems: classic.problems };
    return { ok: true, loaded: { kind: 'classical', file: classic.file } };
  }
  const { readRuleFile } = await import('../../alerts/rules/index.ts');
  const rules = await readRuleFile(path, text);
  if (!rules.ok) return { ok: false, isBroken: true, problems: rules.problems };
  return { ok: true, loaded: { kind: 'rules', file: rules.file } };
}

interface Held {
  /** What the file looked like when it was read. */
  readonly mark: string;
  readonly loaded: LoadedFile | null;
  readonly loadedAtMs: number | null;
  readonly error: string | null;
}

/** Tells one state of a file from the next. */
async function markOf(path: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, ino, size } = await stat(path);
    return [mtimeMs, ctimeMs, ino, size].join();
  } catch {
    return 'none';
  }
}

export class RuleFiles {
  #paths: readonly string[];
  #held: ReadonlyMap<string, Held> = new Map();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** Reads all files. A bad one keeps the rules that it had. @returns what is wrong, a line each. */
  async load(nowMs: number, paths = this.#paths): Promise<readonly string[]> {
    const held = new Map<string, Held>();
    const problems: string[] = [];
    for (const path of paths) {
      const mark = await markOf(path);
      const before = this.#held.get(path);
      const result = await loadRuleFile(path);
      if (result.ok) {
        held.set(path, { mark, loaded: result.loaded, loadedAtMs: nowMs, error: null });
        continue;
      }
      problems.push(...result.problems);
      const [first = ''] = result.problems;
      const more = result.problems.length > 1 ? ` (and ${result.problems.length - 1} more)` : '';
      held.set(path, {
        mark,
        loaded: before?.loaded ?? null,
        loadedAtMs: before?.loadedAtMs ?? null,
        error: first + more,
      });
    }
    this.#paths = paths;
    this.#held = held;
    return problems;
  }

  /** Whether any file differs from what was read. */
  async haveChanged(): Promise<boolean> {
    for (const [path, { mark }] of this.#held) if ((await markOf(path)) !== mark) return true;
    return false;
  }

  get rules(): readonly RuleFile[] {
    return this.#loaded().flatMap((loaded) => (loaded.kind === 'rules' ? [loaded.file] : []));
  }

  get classics(): readonly ClassicFile[] {
    return this.#loaded().flatMap((loaded) => (loaded.kind === 'classical' ? [loaded.file] : []));
  }

  rows(): readonly RuleFileRow[] {
    return [...this.#held].map(([path, { loaded, loadedAtMs, error }]) => ({
      path,
      rules: loaded === null ? 0 : countOf(loaded),
      loadedAt: loadedAtMs === null ? null : new Date(loadedAtMs).toISOString(),
      error,
    }));
  }

  #loaded(): readonly LoadedFile[] {
    return [...this.#held.values()].flatMap(({ loaded }) => loaded ?? []);
  }
}

const countOf = (loaded: LoadedFile): number =>
  loaded.kind === 'rules'
    ? loaded.file.groups.reduce((sum, { rules }) => sum + rules.length, 0)
    : loaded.file.rules.length;
