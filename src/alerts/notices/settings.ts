/**
 * Pieces of the channels' schemas. Every complaint is written out here: valibot's own ones quote what they received,
 * and that may be a secret.
 */
import * as v from 'valibot';
import { Secret, type SecretSource } from './secret.ts';

export const words = (complaint = 'must be text') => v.pipe(v.string(complaint), v.trim(), v.nonEmpty(complaint));

/** One line of text: it becomes a header. */
export const line = v.pipe(words(), v.regex(/^[^\p{Cc}]*$/u, 'must be one line'));

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `4h`, `90s`, `1h30m` or a number of seconds, in seconds. */
const seconds = (least: number, most: number) => {
  const complaint = `must be a duration from ${least}s to ${most}s: write 30s, 5m or 4h`;
  return v.pipe(
    v.union([v.number(), v.string()], complaint),
    v.transform((input) => {
      if (typeof input === 'number') return input;
      if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(input)) return Number.NaN;
      const parts = [...input.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)];
      return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? 0), 0);
    }),
    // NaN is neither.
    v.check((value) => value >= least && value <= most, complaint),
  );
};

/** A secret in the file itself; already one when a channel's settings are checked anew. */
const secret = v.pipe(
  v.union([v.string(), v.instance(Secret)], 'must be text'),
  v.transform((input) => (typeof input === 'string' ? new Secret(input.trim()) : input)),
  v.check((input) => input.reveal() !== '', 'must not be empty'),
);

const isHttp = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const URL_COMPLAINT = 'must be an address like https://host/path';

const httpUrl = v.pipe(
  secret,
  v.check((input) => isHttp(input.reveal()), URL_COMPLAINT),
);

const fileName = words('must be the path of a file');
const variableName = v.pipe(words(), v.regex(/^\w+$/, 'must be the name of an environment variable'));

/** The address of a receiver, which often holds a token: `url`, `url_file` or `url_env`. */
export const URL_ENTRIES = {
  url: v.optional(httpUrl),
  url_file: v.optional(fileName),
  url_env: v.optional(variableName),
};

export const PASSWORD_ENTRIES = {
  password: v.optional(secret),
  password_file: v.optional(fileName),
  password_env: v.optional(variableName),
};

/** How to log in at an HTTP receiver, its certificate, its further headers. */
export const HTTP_ENTRIES = {
  ...URL_ENTRIES,
  ...PASSWORD_ENTRIES,
  username: v.optional(line),
  bearer_token: v.optional(secret),
  bearer_token_file: v.optional(fileName),
  bearer_token_env: v.optional(variableName),
  /** Values are treated as secrets: `Authorization` is one of them. */
  headers: v.optional(
    v.record(
      v.pipe(v.string(), v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is not the name of a header')),
      v.pipe(
        secret,
        v.check((input) => /^[\t\x20-\x7e\x80-\xff]*$/.test(input.reveal()), 'must be one line of Latin text'),
      ),
      'must be a map of headers',
    ),
  ),
  ca_file: v.optional(fileName),
};

/** What every channel has. */
const COMMON_ENTRIES = {
  /** Longest that one message may take. */
  timeout: v.optional(seconds(0.1, 300), 10),
  /** A notice is repeated after this long while its alert fires. */
  repeat: v.optional(seconds(1, 2_592_000)),
  send_resolved: v.optional(v.boolean('must be true or false'), true),
  /** Takes alerts of these severities only. */
  severities: v.optional(v.array(line, 'must be a list of severities')),
};

/** The settings of one type of channel; unknown keys are mistakes. */
export const channelSchema = <Type extends string, const Entries extends v.ObjectEntries>(
  type: Type,
  entries: Entries,
) =>
  v.strictObject({ type: v.literal(type), ...COMMON_ENTRIES, ...entries }, (issue) => {
    if (issue.expected === 'never') return `is not a setting of a channel of type ${type}`;
    return issue.received === 'undefined' ? 'is missing' : 'must be a map of settings';
  });

type Given = Readonly<Record<string, unknown>>;

const FORMS = ['', '_file', '_env'] as const;

/** A complaint when not exactly one of `url`, `url_file`, `url_env` is given; `url` stands for any such name. */
export const exactlyOne = <Config extends Given>(name: string) =>
  v.check<Config, string>(
    (given) => FORMS.filter((form) => given[name + form] !== undefined).length === 1,
    `needs one of ${FORMS.map((form) => name + form).join(', ')}`,
  );

export const atMostOne = <Config extends Given>(name: string) =>
  v.check<Config, string>(
    (given) => FORMS.filter((form) => given[name + form] !== undefined).length <= 1,
    `takes only one of ${FORMS.map((form) => name + form).join(', ')}`,
  );

/** Where a setting with these three forms comes from; null when none is given. */
export function sourceOf(config: Given, name: string): SecretSource | null {
  const [inline, file, env] = FORMS.map((form) => config[name + form]);
  if (inline instanceof Secret) return { inline };
  if (typeof file === 'string') return { file };
  return typeof env === 'string' ? { env } : null;
}
