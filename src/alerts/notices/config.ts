/** The `notify` section of the config file: named channels. */
import { statSync } from 'node:fs';
import * as v from 'valibot';
import { type ChannelConfig, channelConfig, RESENDS } from './channels/index.ts';
import { Secret } from './secret.ts';

/** Channels by name, in the order of the file. */
export type NotifyConfig = Readonly<Record<string, ChannelConfig>>;

const MAX_CHANNELS = 50;

const channelName = v.pipe(
  v.string('must be text'),
  v.regex(/^[\w.-]{1,64}$/, 'is not a name for a channel: letters, digits, dot, dash and _'),
);

const SHAPE = 'must be a map of channels, each with a type';

/** Keys that a record leaves out in silence, and with them the channel. */
const LEFT_OUT: readonly string[] = ['__proto__', 'prototype', 'constructor'];

const asMap = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>((section) => typeof section === 'object' && section !== null, SHAPE),
  v.check(
    (section) => !LEFT_OUT.some((name) => Object.hasOwn(section, name)),
    `${LEFT_OUT.join(', ')} are no names for channels`,
  ),
  v.record(channelName, channelConfig, SHAPE),
);

/** A list of channels, each with its `name`, else named after its type. */
const asList = v.pipe(
  v.array(v.looseObject({}, 'must be a map of settings'), SHAPE),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const channels = new Map<string, unknown>();
    for (const { name, ...settings } of dataset.value as Record<string, unknown>[]) {
      const called = String(name ?? settings.type);
      if (channels.has(called)) {
        addIssue({ message: `two channels have the same name: give each a name of its own` });
        return NEVER;
      }
      channels.set(called, settings);
    }
    return Object.fromEntries(channels);
  }),
  asMap,
);

/** What the section may hold. Complaints name the place and never quote a value. */
export const notifySchema = v.pipe(
  v.lazy((input) => (Array.isArray(input) ? asList : asMap)),
  v.check((channels) => Object.keys(channels).length <= MAX_CHANNELS, `takes at most ${MAX_CHANNELS} channels`),
);

const DEFAULT_REPEAT_SECONDS = 4 * 3600;

/** After how long a channel sends a notice again while its alert fires. */
export const repeatSeconds = (config: ChannelConfig): number =>
  config.repeat ?? RESENDS[config.type] ?? DEFAULT_REPEAT_SECONDS;

/**
 * Channels as plain data, secrets in the clear: for the way into the engine's thread, where a `Secret` would arrive
 * without its text. Nothing else may see it.
 */
export const packChannels = (channels: NotifyConfig): unknown => revealed(channels);

function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealed(each)]));
}

/** The other end of `packChannels`. */
export const unpackChannels = (packed: unknown): NotifyConfig => v.parse(v.record(v.string(), channelConfig), packed);

/** Names of the environment variables that channels take secrets from. */
export const secretVariables = (...all: readonly NotifyConfig[]): ReadonlySet<string> =>
  new Set(
    all
      .flatMap((channels) => Object.values(channels))
      .flatMap((config) => Object.entries(config))
      .flatMap(([key, value]) => (key.endsWith('_env') && typeof value === 'string' ? [value] : [])),
  );

/** An address with a login, a query, or a long segment that no person would choose. */
function holdsToken(text: string): boolean {
  const url = new URL(text);
  const isToken = (part: string): boolean => /^(?=.*\d)[\w-]{16,}$/.test(part);
  return url.username !== '' || url.password !== '' || url.search !== '' || url.pathname.split('/').some(isToken);
}

const isSecret = (config: ChannelConfig, key: string, value: Secret): boolean =>
  key !== 'url' || config.type === 'slack' || holdsToken(value.reveal());

function inlineSecrets(config: ChannelConfig): readonly string[] {
  const own = Object.entries(config).flatMap(([key, value]) =>
    value instanceof Secret && isSecret(config, key, value) ? [key] : [],
  );
  const headers = 'headers' in config ? Object.keys(config.headers ?? {}) : [];
  return [...own, ...headers.map((name) => `headers.${name}`)];
}

/**
 * What is careless about the channels of a file, a line each: secrets that stand in it, the more so when others can
 * read it; a login that crosses a network in the clear.
 *
 * @param path the file they come from; @param section where in it they stand.
 */
export function notifyWarnings(channels: NotifyConfig, path: string, section = 'notify'): readonly string[] {
  const warnings: string[] = [];
  const inline = Object.entries(channels).flatMap(([name, config]) =>
    inlineSecrets(config).map((key) => `${section}.${name}.${key}`),
  );
  if (inline.length > 0) {
    const are = inline.length === 1 ? 'is a secret' : 'are secrets';
    const way = isReadableByOthers(path)
      ? `that every user who can read the file sees: chmod 600 ${path}`
      : 'in the file itself: better in a file of its own or a variable (_file, _env)';
    warnings.push(`${path}: ${inline.join(', ')} ${are} ${way}`);
  }
  for (const [name, config] of Object.entries(channels)) {
    const isLocal = config.type === 'email' && /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(config.host);
    if (config.type === 'email' && config.tls === 'none' && config.username !== undefined && !isLocal) {
      warnings.push(`${path}: ${section}.${name}: the password crosses the network unencrypted: set tls to starttls`);
    }
  }
  return warnings;
}

/** Whether the group or everybody may read a file; false where that cannot be told. */
function isReadableByOthers(path: string): boolean {
  try {
    return (statSync(path).mode & 0o044) !== 0;
  } catch {
    return false;
  }
}
