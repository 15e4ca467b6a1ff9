/** The files under examples/ say what gtop and its stream really are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseCommandLine } from '../../../../src/cli/program.ts';
import { STREAM_FORMATS } from '../../../../src/output/stream/index.ts';
import { entryHead } from '../../../../src/sources/error-log/index.ts';

const EXAMPLES = resolve('examples');
const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
const contentOf = (name: string): string => readFileSync(join(EXAMPLES, name), 'utf8');

/** `gtop stream …` up to a pipe, a quote or the end of the line. */
const commandsIn = (text: string): string[] =>
  [...text.matchAll(/\bgtop (stream --[^|"`\n]*)/g)].map(([, args]) => args);

it('every command in them is one that gtop takes', () => {
  const commands = files.flatMap((name) => commandsIn(contentOf(name)));
  expect(commands.length).toBeGreaterThanOrEqual(3);
  for (const command of commands) {
    const invocation = parseCommandLine(command.trim().split(/\s+/));
    expect(invocation).toMatchObject({ command: 'stream', flags: { log: [expect.any(String)] } });
    const { format = 'ndjson' } = 'flags' in invocation ? invocation.flags : {};
    expect(Object.keys(STREAM_FORMATS)).toContain(format);
  }
});

it('Filebeat’s is YAML whose steps decode the field that was renamed', () => {
  const { processors } = parse(contentOf('filebeat/gtop.yml'));
  const [renamed, decoded, dropped] = processors;
  expect(renamed.rename.fields[0].from).toBe('message');
  const field = renamed.rename.fields[0].to;
  expect([decoded.decode_json_fields.fields, dropped.drop_fields.fields]).toEqual([[field], [field]]);
});

it('the data streams that they name are those of the stream', () => {
  const { access, error, app, rejected } = STREAM_FORMATS.ecs({ raw: false });
  const entry = { atMs: 0, pid: null, level: null, message: '', event: null, traceback: null };
  const record = {
    ...{ atMs: 0, method: null, target: null, path: null, protocol: null, status: 200, bytes: 0, seconds: 0 },
    ...{ address: null, user: null, referrer: null, userAgent: null, worker: 0, excluded: false },
  };
  const printed = [
    access(record, 'x', 0),
    error(entry, 'x', 0),
    app({ ...entry, logger: null, fields: null }, 'x', 0),
    rejected('', '', 'x', 0),
  ];
  const datasets = printed.map((line) => JSON.parse(line).event.dataset);
  for (const name of ['logstash/gtop.conf', 'filebeat/gtop.yml']) {
    for (const dataset of datasets) expect(contentOf(name)).toContain(dataset);
  }
});

it('the grok pattern has the fields in the order of Gunicorn’s error log', () => {
  const readme = contentOf('README.md');
  const line = /^\[2026.*$/m.exec(readme)?.[0] ?? '';
  const pattern = /"(\\\[%\{TIMESTAMP_ISO8601.*)" \} \}/.exec(readme)?.[1] ?? '';
  // What grok's own definitions come to, for this line.
  const MEANING: Readonly<Record<string, string>> = {
    TIMESTAMP_ISO8601: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\+\\d{4}',
    POSINT: '[1-9]\\d*',
    LOGLEVEL: '[A-Z]+',
    GREEDYDATA: '.*',
  };
  const expression = pattern.replace(/%\{(\w+):([^}]*)\}/g, (_, name: string) => `(${MEANING[name]})`);
  const [, time, pid, level, text] = new RegExp(`^${expression}$`).exec(line) ?? [];
  expect(entryHead(line)).toEqual({
    atMs: Date.parse(time),
    pid: Number(pid),
    level: level.toLowerCase(),
    message: text,
  });
});
