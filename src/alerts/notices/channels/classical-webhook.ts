/** The webhook of a classical JSON rule: one small object for each notice. */
import * as v from 'valibot';
import { type Batch, isoTime } from '../alert.ts';
import type { Channel } from '../channel.ts';
import { sendHttp } from '../http.ts';
import { channelSchema, exactlyOne, HTTP_ENTRIES } from '../settings.ts';

export const schema = v.pipe(
  channelSchema('classical-webhook', {
    ...HTTP_ENTRIES,
    method: v.optional(v.picklist(['POST', 'GET'], 'must be POST or GET'), 'POST'),
  }),
  exactlyOne('url'),
);

export function create(name: string, config: v.InferOutput<typeof schema>): Channel {
  return {
    name,
    type: config.type,
    maxAlerts: 1,
    send(batch, signal) {
      const { method } = config;
      const body = classicalBody(batch);
      return method === 'GET'
        ? sendHttp(config, { method, json: null, address: (url) => withQuery(url, body), signal })
        : sendHttp(config, { method, json: body, signal });
    },
  };
}

function classicalBody({ alerts: [alert], atMs }: Batch) {
  return {
    rule_name: alert?.name ?? '',
    message: alert?.classical?.message ?? alert?.annotations.summary ?? '',
    metrics: alert?.classical?.metrics ?? {},
    timestamp: isoTime(atMs),
    status: alert?.state ?? 'firing',
  };
}

/** A GET has no body: its fields become parameters, after those that the address has already. */
function withQuery(configured: URL, body: ReturnType<typeof classicalBody>): URL {
  const url = new URL(configured);
  for (const [name, value] of Object.entries(body)) {
    url.searchParams.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return url;
}
