// Writes the JSON Schemas of the snapshot and of the report from their types; with --check only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

const SCHEMAS = [
  { type: 'Snapshot', source: 'src/model/snapshot.ts', target: 'schema/snapshot.schema.json', title: 'gtop snapshot' },
  { type: 'Report', source: 'src/report/report.ts', target: 'schema/report.schema.json', title: 'gtop report' },
];

function schemaText({ type, source, title }) {
  const { definitions, $ref } = createGenerator({
    path: path(source),
    tsconfig: path('tsconfig.json'),
    type,
    additionalProperties: true,
    skipTypeCheck: true,
    sortProps: false,
  }).createSchema(type);

  // The generator speaks draft 7; of what it uses here draft 2020-12 differs only in where definitions stand.
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    $ref: $ref.replace('#/definitions/', '#/$defs/'),
    $defs: JSON.parse(JSON.stringify(definitions).replaceAll('#/definitions/', '#/$defs/')),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

for (const schema of SCHEMAS) {
  const text = schemaText(schema);
  const target = path(schema.target);
  if (!process.argv.includes('--check')) await writeFile(target, text);
  else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    console.error(`${schema.target} is not what ${schema.source} says: run npm run schema`);
    process.exit(1);
  }
}
