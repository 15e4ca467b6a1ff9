import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = resolve('src');

/** Which folders the files of a folder may import from, besides their own. `text` and `filter` are leaves that all may use. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  boot: [],
  model: ['text', 'filter'],
  text: [],
  filter: ['text'],
  sources: ['model', 'text', 'filter'],
  alerts: ['model', 'text', 'filter'],
  report: ['model', 'text', 'filter'],
  output: ['model', 'text', 'filter', 'report'],
  ui: ['model', 'text', 'filter'],
  engine: ['model', 'text', 'filter', 'sources', 'alerts', 'output'],
  cli: ['model', 'text', 'filter', 'sources', 'alerts', 'report', 'output', 'ui', 'engine'],
};

const files = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

const folderOf = (path: string): string => relative(SOURCE, path).split('/')[0] ?? '';

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) =>
    resolve(join(file, '..'), match[1] ?? ''),
  );

describe('the arrows between folders', () => {
  it.each(Object.keys(ALLOWED))('%s imports only what it may', (folder) => {
    const wrong = files
      .filter((file) => folderOf(file) === folder)
      .flatMap((file) =>
        importsOf(file)
          .map(folderOf)
          .filter((target) => target !== folder && !ALLOWED[folder]?.includes(target))
          .map((target) => `${relative(SOURCE, file)} → ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('knows every folder', () => {
    const folders = new Set(files.map(folderOf).filter((folder) => !/\.tsx?$/.test(folder)));
    expect([...folders].filter((folder) => !(folder in ALLOWED))).toEqual([]);
  });
});
