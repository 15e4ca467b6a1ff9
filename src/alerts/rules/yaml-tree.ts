/**
 * YAML as a plain tree in which every node knows its line. Aliases and merge keys are followed, within a bound: a few
 * lines of YAML can stand for more than fits into a memory.
 */
import type { Document, Node, Pair } from 'yaml';

export type YamlTree = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  readonly line: number;
  readonly entries: ReadonlyMap<string, YamlTree>;
}

export interface YamlList {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly YamlTree[];
}

/** Its text as it was written: `1e3` of a label stays `1e3`. Null is nothing. */
export interface YamlScalar {
  readonly kind: 'scalar';
  readonly line: number;
  readonly text: string | null;
}

export class YamlError extends Error {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

/** Larger files are no rules. */
const MAX_BYTES = 1024 * 1024;
/** Nodes when all aliases are followed. */
const MAX_NODES = 100_000;
/** Each is looked for from the start of the document. */
const MAX_ALIASES = 500;

/** @returns null for an empty document. @throws YamlError */
export async function readYaml(text: string): Promise<YamlTree | null> {
  if (text.length > MAX_BYTES) throw new YamlError('larger than 1 MiB', 1);
  const { parseDocument } = await import('yaml');
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) throw new YamlError('nested too deeply', 1);
    throw error;
  }
  const broken = document.errors.find(({ code, pos }) => code !== 'MULTIPLE_DOCS' || !isEmpty(text.slice(pos[0])));
  if (broken) throw new YamlError(said(broken), lineAt(lineStarts(text), broken.pos[0]));
  if (document.contents === null) return null;
  return new Reader(text, document).read(document.contents, 1, 0);
}

/** What the parser has no good words for, by its codes. */
const SAID: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins: a rule file is one',
  RESOURCE_EXHAUSTION: 'nested too deeply',
};

const said = ({ code, message }: { code: string; message: string }): string => SAID[code] ?? firstLine(message);

/** Whether a document is there by its marks alone: many a file ends with `---`. */
const isEmpty = (text: string): boolean => text.replaceAll(/^(?:---|\.\.\.)?[ \t]*(?:#.*)?$/gm, '').trim() === '';

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/:$/, '');

const lineStarts = (text: string): readonly number[] => [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];

/** Number of the line in which an offset lies, from 1. */
function lineAt(starts: readonly number[], offset: number): number {
  let [line, above] = [0, starts.length];
  while (above - line > 1) {
    const middle = (line + above) >>> 1;
    if ((starts[middle] ?? 0) <= offset) line = middle;
    else above = middle;
  }
  return line + 1;
}

/** Rules are five levels deep. */
const MAX_DEPTH = 50;

class Reader {
  readonly #text: string;
  readonly #document: Document.Parsed;
  readonly #lines: readonly number[];
  #nodes = 0;
  #aliases = 0;

  constructor(text: string, document: Document.Parsed) {
    this.#text = text;
    this.#document = document;
    this.#lines = lineStarts(text);
  }

  read(node: unknown, outerLine: number, depth: number): YamlTree {
    const range = (node as Node | null)?.range;
    const line = range ? lineAt(this.#lines, range[0]) : outerLine;
    if (++this.#nodes > MAX_NODES)
      throw new YamlError(`more than ${MAX_NODES} values when its aliases are followed`, line);
    if (depth > MAX_DEPTH) throw new YamlError('nested too deeply', line);
    if (typeof node !== 'object' || node === null) return { kind: 'scalar', line, text: null };
    if ('resolve' in node) {
      if (++this.#aliases > MAX_ALIASES) throw new YamlError(`more than ${MAX_ALIASES} aliases`, line);
      const target = (node as { resolve(document: Document): unknown }).resolve(this.#document);
      if (target === undefined) throw new YamlError('an alias of nothing', line);
      return this.read(target, line, depth + 1);
    }
    if (!('items' in node)) return { kind: 'scalar', line, text: textOf(node as { value: unknown; source?: string }) };
    const items = node.items as readonly unknown[];
    const pairs = items.filter(isPair);
    // An empty map and an empty list look alike but for their bracket.
    if (pairs.length < items.length || (items.length === 0 && this.#text[range?.[0] ?? 0] === '[')) {
      return { kind: 'list', line, items: items.map((item) => this.read(item, line, depth + 1)) };
    }
    return { kind: 'map', line, entries: this.#entries(pairs, line, depth) };
  }

  #entries(pairs: readonly Pair[], line: number, depth: number): ReadonlyMap<string, YamlTree> {
    const merged = new Map<string, YamlTree>();
    const own = new Map<string, YamlTree>();
    for (const { key, value } of pairs) {
      const read = this.read(key, line, depth + 1);
      if (read.kind !== 'scalar') throw new YamlError('a key that is not text', read.line);
      const tree = this.read(value, read.line, depth + 1);
      if (read.text !== '<<') own.set(read.text ?? '', tree);
      else for (const each of tree.kind === 'list' ? tree.items : [tree]) mergeInto(merged, each);
    }
    return new Map([...merged, ...own]);
  }
}

/** Of several merged maps the first counts. */
function mergeInto(merged: Map<string, YamlTree>, tree: YamlTree): void {
  if (tree.kind !== 'map') throw new YamlError('<< takes a map', tree.line);
  for (const [key, value] of tree.entries) if (!merged.has(key)) merged.set(key, value);
}

const isPair = (item: unknown): item is Pair =>
  typeof item === 'object' && item !== null && 'key' in item && 'value' in item;

function textOf({ value, source }: { value: unknown; source?: string }): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : (source ?? String(value));
}
