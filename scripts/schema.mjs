// Writes schema/snapshot.schema.json from the types of src/model/snapshot.ts; with --check only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

const { definitions, $ref } = createGenerator({
  path: path('src/model/snapshot.ts'),
  tsconfig: path('tsconfig.json'),
  type: 'Snapshot',
  additionalProperties: true,
  skipTypeCheck: true,
  sortProps: false,
}).createSchema('Snapshot');

// The generator speaks draft 7; of what it uses here draft 2020-12 differs only in where definitions stand.
const text = `${JSON.stringify(
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'gtop snapshot',
    $ref: $ref.replace('#/definitions/', '#/$defs/'),
    $defs: JSON.parse(JSON.stringify(definitions).replaceAll('#/definitions/', '#/$defs/')),
  },
  null,
  2,
)}\n`;

const target = path('schema/snapshot.schema.json');
if (process.argv.includes('--check')) {
  const current = await readFile(target, 'utf8').catch(() => '');
  if (current !== text) {
    console.error('schema/snapshot.schema.json is not what src/model/snapshot.ts says: run npm run schema');
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
