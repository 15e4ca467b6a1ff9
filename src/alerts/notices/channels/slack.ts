/** Slack's incoming webhooks. */
import * as v from 'valibot';
import type { Batch } from '../alert.ts';
import type { Channel } from '../channel.ts';
import { sendHttp } from '../http.ts';
import { channelSchema, exactlyOne, HTTP_ENTRIES, line, URL_ENTRIES } from '../settings.ts';
import { cut, paragraphOf, titleOf } from '../text.ts';

export const schema = v.pipe(
  channelSchema('slack', {
    ...URL_ENTRIES,
    ca_file: HTTP_ENTRIES.ca_file,
    channel: v.optional(line),
    username: v.optional(line),
    icon_emoji: v.optional(line),
  }),
  exactlyOne('url'),
);

export function create(name: string, config: v.InferOutput<typeof schema>): Channel {
  const { channel, username, icon_emoji } = config;
  const look = { channel, username, icon_emoji };
  // An HTTP login is no part of it: `username` is the name that the message shows.
  const http = { ...config, username: undefined };
  return {
    name,
    type: config.type,
    maxAlerts: 20,
    send: (batch, signal) =>
      sendHttp(http, {
        json: { ...look, ...slackMessage(batch) },
        signal,
        sayAnswer: (text) => ERRORS[text.trim()] ?? null,
      }),
  };
}

/** What Slack answers with and means, https://api.slack.com/messaging/webhooks#handling_errors. */
const ERRORS: Readonly<Record<string, string>> = {
  invalid_payload: 'invalid_payload',
  user_not_found: 'user_not_found',
  channel_not_found: 'channel_not_found',
  channel_is_archived: 'channel_is_archived',
  action_prohibited: 'action_prohibited',
  posting_to_general_channel_denied: 'posting_to_general_channel_denied',
  too_many_attachments: 'too_many_attachments',
  no_service: 'no_service: the webhook was removed or is disabled',
  no_service_id: 'no_service_id: the url is incomplete',
  no_team: 'no_team: the url is incomplete',
  team_disabled: 'team_disabled',
  invalid_token: 'invalid_token',
};

/**
 * Text as Slack shows it literally: `&`, `<` and `>` are its only markup characters once `mrkdwn` is off
 * (https://api.slack.com/reference/surfaces/formatting#escaping), and with `<` goes `<!channel>`. A bare `@channel`
 * calls everybody where a workspace links names.
 */
export const slackText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=channel|here|everyone)/gi, '@ ');

/** Slack cuts a text at 40,000 characters; a person stops long before. */
const MAX_PARAGRAPH = 1800;

function slackMessage({ alerts }: Batch) {
  const paragraphs = alerts.map((alert) => cut(paragraphOf(alert).join('\n'), MAX_PARAGRAPH));
  const heading = alerts.length > 1 ? [titleOf(alerts)] : [];
  return {
    text: slackText([...heading, ...paragraphs].join('\n\n')),
    mrkdwn: false,
    link_names: false,
    parse: 'none',
    unfurl_links: false,
    unfurl_media: false,
  };
}
