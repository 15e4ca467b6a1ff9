/** Alertmanager's webhook, version 4 of its body (Alertmanager's `notify/webhook/webhook.go`, `template/template.go`). */
import * as v from 'valibot';
import { type Batch, isoTime, labelsOf } from '../alert.ts';
import type { Channel } from '../channel.ts';
import { sendHttp } from '../http.ts';
import { atMostOne, channelSchema, exactlyOne, HTTP_ENTRIES } from '../settings.ts';

export const schema = v.pipe(
  channelSchema('webhook', HTTP_ENTRIES),
  exactlyOne('url'),
  atMostOne('password'),
  atMostOne('bearer_token'),
);

export function create(name: string, config: v.InferOutput<typeof schema>): Channel {
  return {
    name,
    type: config.type,
    maxAlerts: 100,
    send: (batch, signal) => sendHttp(config, { json: webhookBody(batch), signal }),
  };
}

/** The labels or annotations that all have, with the same value. */
function common(maps: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first, ...others] = maps;
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([key, value]) => others.every((other) => other[key] === value)),
  );
}

/** The end of an alert that has none, as Go writes it: receivers know it from Alertmanager. */
const NO_END = '0001-01-01T00:00:00Z';

/**
 * The body. The alerts are those that have changed or are due again, and `status` is theirs, as in Alertmanager: firing
 * when one of them fires. They form Alertmanager's group of one alert name where they share it, else the group of all.
 */
export function webhookBody({ receiver, alerts, externalUrl }: Batch) {
  const commonLabels = common(alerts.map(labelsOf));
  const groupLabels = commonLabels.alertname === undefined ? {} : { alertname: commonLabels.alertname };
  const matchers = Object.entries(groupLabels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return {
    version: '4',
    groupKey: `{}:{${matchers.join(', ')}}`,
    truncatedAlerts: 0,
    status: alerts.some(({ state }) => state === 'firing') ? 'firing' : 'resolved',
    receiver,
    groupLabels,
    commonLabels,
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    alerts: alerts.map((alert) => ({
      status: alert.state,
      labels: labelsOf(alert),
      annotations: alert.annotations,
      startsAt: isoTime(alert.startsAtMs),
      endsAt: alert.endsAtMs === null ? NO_END : isoTime(alert.endsAtMs),
      generatorURL: externalUrl,
      fingerprint: alert.fingerprint,
    })),
  };
}
