/** All types of channels. One row, and one file, to add one. */
import * as v from 'valibot';
import type { Channel } from '../channel.ts';
import * as alertmanager from './alertmanager.ts';
import * as classicalWebhook from './classical-webhook.ts';
import * as command from './command.ts';
import * as email from './email.ts';
import * as slack from './slack.ts';
import * as webhook from './webhook.ts';

export const channelConfig = v.variant(
  'type',
  [webhook.schema, slack.schema, email.schema, alertmanager.schema, command.schema, classicalWebhook.schema],
  (issue) =>
    issue.expected === 'Object'
      ? 'must be a map of settings'
      : 'must be webhook, slack, email, alertmanager or command',
);

export type ChannelConfig = v.InferOutput<typeof channelConfig>;

type Factory<Type extends ChannelConfig['type']> = (
  name: string,
  config: Extract<ChannelConfig, { type: Type }>,
  hiddenVariables: ReadonlySet<string>,
) => Channel;

const FACTORIES: { readonly [Type in ChannelConfig['type']]: Factory<Type> } = {
  webhook: webhook.create,
  slack: slack.create,
  email: email.create,
  alertmanager: alertmanager.create,
  command: command.create,
  'classical-webhook': classicalWebhook.create,
};

/** Makes a channel. @param hiddenVariables environment variables that no command of the user's is to see. */
export function createChannel(name: string, config: ChannelConfig, hiddenVariables: ReadonlySet<string>): Channel {
  // The table's row is that of the config's own type; TypeScript does not follow the pair.
  const factory = FACTORIES[config.type] as Factory<ChannelConfig['type']>;
  return factory(name, config, hiddenVariables);
}

/** How often a type asks for its notices anew, where its receiver must hear them that often. */
export const RESENDS: Readonly<Partial<Record<ChannelConfig['type'], number>>> = {
  alertmanager: alertmanager.RESEND_SECONDS,
};
