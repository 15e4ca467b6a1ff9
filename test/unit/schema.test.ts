import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

interface Definition {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
}

it('the published schemas are what the types say', () => {
  expect(() => execFileSync(process.execPath, ['scripts/schema.mjs', '--check'], { stdio: 'pipe' })).not.toThrow();
});

describe.each(['snapshot', 'report'])('the published schema of the %s', (name) => {
  const schema = JSON.parse(readFileSync(`schema/${name}.schema.json`, 'utf8')) as {
    readonly $defs: Readonly<Record<string, Definition>>;
  };

  it('is valid draft 2020-12', () => {
    expect(new Ajv({ strict: true, allowUnionTypes: true }).validateSchema(schema)).toBe(true);
  });

  it('describes every field', () => {
    const silent = Object.entries(schema.$defs).flatMap(([name, definition]) =>
      Object.entries(definition.properties ?? {})
        .filter(([, property]) => !property.description)
        .map(([property]) => `${name}.${property}`),
    );
    expect(silent).toEqual([]);
  });
});
