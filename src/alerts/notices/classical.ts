/** The `notifications` of a classical JSON rule, as channels of that rule. */
import * as v from 'valibot';
import { type ChannelConfig, channelConfig } from './channels/index.ts';
import type { NotifyConfig } from './config.ts';

const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema);
const text = v.string('must be text');
/** The complaint of a map names the field that it lacks. */
const missingOr =
  (complaint: string) =>
  ({ received }: v.BaseIssue<unknown>): string =>
    received === 'undefined' ? 'is missing' : complaint;

/** Fields that nobody knows are let pass: such files carry all kinds. Unknown channels are told of. */
const notifications = v.looseObject(
  {
    email: maybe(
      v.object(
        {
          smtp_server: text,
          smtp_port: maybe(v.number('must be a number')),
          use_tls: maybe(v.boolean('must be true or false')),
          username: maybe(text),
          password: maybe(text),
          from: maybe(text),
          to: v.union([text, v.array(text)], 'must be a mail address or a list of them'),
        },
        missingOr('needs smtp_server and to'),
      ),
    ),
    slack: maybe(
      v.object(
        { webhook_url: text, channel: maybe(text), username: maybe(text), icon_emoji: maybe(text) },
        missingOr('needs webhook_url'),
      ),
    ),
    webhook: maybe(
      v.object(
        { url: text, method: maybe(text), headers: maybe(v.record(v.string(), text, 'must be a map of headers')) },
        missingOr('needs url'),
      ),
    ),
  },
  'must be a map of email, slack and webhook',
);

type Notifications = v.InferOutput<typeof notifications>;

const PARTS = ['email', 'slack', 'webhook'] as const;
type Part = (typeof PARTS)[number];

/** Each part in the settings of a channel. `undefined` fields are as good as absent. */
const CONVERT: { readonly [Name in Part]: (given: NonNullable<Notifications[Name]>) => object } = {
  email: ({ smtp_server, smtp_port, use_tls, username, password, from, to }) => ({
    type: 'email',
    host: smtp_server,
    port: smtp_port ?? undefined,
    tls: smtp_port === 465 ? 'implicit' : (use_tls ?? true) ? 'starttls' : 'none',
    username: username || undefined,
    password: password || undefined,
    from: from ?? username,
    to,
  }),
  slack: ({ webhook_url, channel, username, icon_emoji }) => ({
    type: 'slack',
    url: webhook_url,
    channel: channel || undefined,
    username: username || undefined,
    icon_emoji: icon_emoji || undefined,
  }),
  webhook: ({ url, method, headers }) => ({
    type: 'classical-webhook',
    url,
    method: (method ?? 'POST').toUpperCase(),
    headers: headers ?? undefined,
  }),
};

/** What the settings of channels are called in such a file. */
const NAMES: Readonly<Record<Part, Readonly<Record<string, string>>>> = {
  email: { host: 'smtp_server', port: 'smtp_port' },
  slack: { url: 'webhook_url' },
  webhook: {},
};

export type ClassicalChannels =
  /** `strange`: names of parts that are no channels; nothing is sent there. */
  | { readonly ok: true; readonly channels: NotifyConfig; readonly strange: readonly string[] }
  /** `notifications.slack.webhook_url must be …`; quotes no value. */
  | { readonly ok: false; readonly message: string };

/**
 * Channels named `RULE/email`, `RULE/slack`, `RULE/webhook`: for `ruleChannels` of the notifier, and for `channels` of
 * the rule's alerts.
 */
export function classicalChannels(rule: string, given: unknown): ClassicalChannels {
  const parsed = v.safeParse(notifications, given ?? {});
  if (!parsed.success) return { ok: false, message: complaint(['notifications'], parsed.issues[0]) };
  const channels: Record<string, ChannelConfig> = {};
  for (const part of PARTS) {
    const settings = parsed.output[part];
    if (!settings) continue;
    // The row of the table is that of the part; TypeScript does not follow the pair.
    const convert = CONVERT[part] as (given: typeof settings) => object;
    const channel = v.safeParse(channelConfig, convert(settings));
    if (!channel.success)
      return { ok: false, message: complaint(['notifications', part], channel.issues[0], NAMES[part]) };
    channels[`${rule}/${part}`] = channel.output;
  }
  const strange = Object.entries(parsed.output)
    .filter(([name, settings]) => settings !== null && !PARTS.some((part) => part === name))
    .map(([name]) => name);
  return { ok: true, channels, strange };
}

function complaint(
  place: readonly string[],
  issue: v.BaseIssue<unknown>,
  names: Readonly<Record<string, string>> = {},
): string {
  const keys = (issue.path ?? []).map(({ key }) => String(key));
  const path = [...place, ...keys.map((key) => (Object.hasOwn(names, key) ? names[key] : key))].join('.');
  return `${path} ${issue.message}`;
}
