/** Snapshots as a script gets them: parsed and checked against the published schema. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { type RunOptions, runGtop } from './cli.ts';

const SCHEMA = new URL('../../schema/snapshot.schema.json', import.meta.url);
let validate: ValidateFunction | null = null;

/** @throws when the text is not one JSON object that the schema describes. */
export function parseSnapshot(text: string): Snapshot {
  validate ??= new Ajv2020({ allErrors: true, strict: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not a snapshot: ${JSON.stringify(validate.errors?.slice(0, 5), null, 1)}`);
  return value as Snapshot;
}

/** `gtop --once --json` with these arguments. */
export async function takeSnapshot(args: readonly string[], options: RunOptions = {}): Promise<Snapshot> {
  const { code, stdout, stderr } = await runGtop(['--once', '--json', ...args], options);
  if (code !== 0) throw new Error(`exit status ${code}: ${stderr}`);
  return parseSnapshot(stdout);
}

/** The snapshots that the `e` key has written into a folder, by name, which is by time. */
export function exportedSnapshots(folder: string): Snapshot[] {
  return readdirSync(folder)
    .filter((name) => /^gtop-.*\.json$/.test(name))
    .sort()
    .map((name) => parseSnapshot(readFileSync(join(folder, name), 'utf8')));
}
