/** Settings of one run: command line > environment > config file > default. The file is read, never written. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import leven from 'leven';
import * as v from 'valibot';
import { runtimeError, usageError } from './errors.ts';
import { OPTIONS, type OptionSpec } from './options.ts';
import { checkSection, DEFAULT_SECTIONS, SECTIONS, type Sections } from './sections.ts';

export interface Settings extends Sections {
  readonly pid: readonly string[];
  readonly log: readonly string[];
  readonly errorLog: readonly string[];
  readonly appLog: readonly string[];
  readonly logFormat: string;
  readonly gunicornConfig: string | null;
  readonly delay: number;
  /** Seconds; null for `all`. */
  readonly window: number | null;
  readonly filter: string | null;
  readonly mask: boolean;
  readonly mouse: boolean;
  readonly allowActions: boolean;
  readonly fromStart: boolean;
  /** How far the logs are read back, over their rotated and compressed siblings too: a duration, or an ISO time. */
  readonly since: string | null;
  /** Lines stamped then or later are left out: a duration, or an ISO time. */
  readonly until: string | null;
  readonly noRoutes: boolean;
  readonly follow: 'generations' | 'tail';
  readonly sampler: 'proc' | 'portable';
  readonly theme: 'default' | 'light' | 'mono' | 'high-contrast';
  readonly color: 'auto' | 'always' | 'never';
  readonly ascii: boolean;
  readonly tz: 'local' | 'utc';
  readonly debugLog: string | null;
  /** Rule files. */
  readonly rules: readonly string[];
  /** `HOST:PORT`, or a port of the loopback. */
  readonly listen: string | null;
  readonly statsd: string | null;
  readonly metricsAlias: 'http' | null;
  /** The config file that was read. */
  readonly configFile: string | null;
}

export const DEFAULTS: Settings = {
  pid: [],
  log: [],
  errorLog: [],
  appLog: [],
  logFormat: 'auto',
  gunicornConfig: null,
  delay: 1,
  window: 60,
  filter: null,
  mask: false,
  mouse: false,
  allowActions: false,
  fromStart: false,
  since: null,
  until: null,
  noRoutes: false,
  follow: 'generations',
  sampler: process.platform === 'linux' ? 'proc' : 'portable',
  theme: 'default',
  color: 'auto',
  ascii: false,
  tz: 'local',
  debugLog: null,
  rules: [],
  listen: null,
  statsd: null,
  metricsAlias: null,
  configFile: null,
  ...DEFAULT_SECTIONS,
};

/** `from-start` → `fromStart`: the name of an option's value in Settings and in what commander hands over. */
export const camelCase = (key: string): string => key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const environmentName = (key: string): string => `GTOP_${key.toUpperCase().replaceAll('-', '_')}`;

/** The name among `known` that was probably meant, or null when none is close. */
export function closest(name: string, known: readonly string[]): string | null {
  const ranked = known.map((candidate) => ({ candidate, distance: leven(name, candidate) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 2)) ? best.candidate : null;
}

/** Checks one value; `origin` names where it stands, for the error line. */
export function check(spec: OptionSpec, value: unknown, origin: string): unknown {
  const parseOne = (one: unknown): unknown => {
    const result = v.safeParse(spec.schema, one);
    if (result.success) return result.output;
    const shown = typeof one === 'string' || typeof one === 'number' ? ` '${one}'` : '';
    throw usageError(`${origin}${shown} ${result.issues[0].message}`);
  };
  if (!spec.repeatable) return parseOne(value);
  return (Array.isArray(value) ? value : [value]).map(parseOne);
}

type Layer = Record<string, unknown>;

function fromFlags(flags: Readonly<Record<string, unknown>>): Layer {
  const layer: Layer = {};
  for (const spec of OPTIONS) {
    const value = flags[camelCase(spec.key)];
    if (value !== undefined) layer[camelCase(spec.key)] = check(spec, value, `--${spec.key}`);
  }
  return layer;
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Layer {
  const layer: Layer = {};
  for (const spec of OPTIONS) {
    const name = environmentName(spec.key);
    const value = environment[name];
    if (value !== undefined && value !== '') layer[camelCase(spec.key)] = check(spec, value, name);
  }
  return layer;
}

async function fromFile(path: string): Promise<Layer> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw runtimeError(`${path}: ${reason(error)}`);
  }
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true, merge: true });
  const broken = document.errors[0];
  if (broken) throw usageError(`${path}: ${sayYamlError(broken)}`);
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw usageError(`${path}: ${sayAliasError(error instanceof Error ? error.message : '')}`);
  }
  if (content === null || content === undefined) return { configFile: path };
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw usageError(`${path}: must hold lines of the form key: value`);
  }
  const layer: Layer = { configFile: path };
  const keys = [...OPTIONS.map((spec) => spec.key), ...SECTIONS.map((section) => section.key)];
  for (const [key, value] of Object.entries(content)) {
    const section = SECTIONS.find((candidate) => candidate.key === key);
    if (section) {
      layer[camelCase(key)] = await checkSection(section, value, path);
      continue;
    }
    const spec = OPTIONS.find((candidate) => candidate.key === key);
    if (!spec) {
      const meant = closest(key, keys);
      throw usageError(`${path}: unknown key '${key}'${meant ? `, did you mean '${meant}'?` : ''}`);
    }
    layer[camelCase(key)] = check(spec, value, `${path}: ${key}`);
  }
  return layer;
}

/** What the parser has no good words for, by its codes. */
const SAID: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins: a config file is one',
  RESOURCE_EXHAUSTION: 'nested too deeply',
};

/** The first line of YAML's complaint with its place, without what it quotes of the file: that may be a secret. */
function sayYamlError({ code, message }: { readonly code: string; readonly message: string }): string {
  const line = (message.split('\n')[0] ?? '').replace(/:$/, '');
  const place = / at line \d+, column \d+$/.exec(line)?.[0] ?? '';
  const what = line.slice(0, line.length - place.length);
  return (SAID[code] ?? (place === '' ? what : what.replace(/(?:: | \\).*$/, ''))) + place;
}

/** An alias is not quoted: it is the password of someone who left out the quotes around it. */
function sayAliasError(message: string): string {
  if (message.startsWith('Excessive')) return 'too many aliases';
  return message.startsWith('Merge') ? '<< takes a map' : 'an alias of nothing: quote what begins with *';
}

/** A system error in words: `no such file`, `permission denied`. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'is a folder, not a file';
    case 'ELOOP':
      return 'too many levels of symbolic links';
    case 'ENOTDIR':
      return 'a part of the path is no folder';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    case 'ENOSPC':
      return 'no space left on the disk';
    default:
      return code ?? (error instanceof Error ? error.message : String(error));
  }
}

/** Config files looked for when none is named; the first that exists counts. */
export function defaultConfigPaths(environment: NodeJS.ProcessEnv): readonly string[] {
  const home = environment.XDG_CONFIG_HOME || join(homedir(), '.config');
  return [join(home, 'gtop', 'config.yaml'), '/etc/gtop/config.yaml'];
}

async function fileLayer(flags: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv): Promise<Layer> {
  if (flags.config === false) return {};
  const named = typeof flags.config === 'string' ? flags.config : environment.GTOP_CONFIG;
  if (named) return fromFile(named);
  for (const path of defaultConfigPaths(environment)) {
    try {
      return await fromFile(path);
    } catch (error) {
      if (!(error instanceof Error && error.message.endsWith(': no such file'))) throw error;
    }
  }
  return {};
}

/**
 * Settings from all layers.
 * @throws ReportedError naming the flag, variable or `file: key` that is wrong.
 */
export async function resolveSettings(
  flags: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv,
): Promise<Settings> {
  const file = await fileLayer(flags, environment);
  return { ...DEFAULTS, ...file, ...fromEnvironment(environment), ...fromFlags(flags) } as Settings;
}
