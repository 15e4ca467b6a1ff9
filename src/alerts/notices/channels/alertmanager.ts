/** Alertmanager, as one of its clients (`POST /api/v2/alerts`). */
import * as v from 'valibot';
import { type Batch, isoTime, labelsOf } from '../alert.ts';
import type { Channel } from '../channel.ts';
import { sendHttp } from '../http.ts';
import { atMostOne, channelSchema, exactlyOne, HTTP_ENTRIES } from '../settings.ts';

export const schema = v.pipe(
  channelSchema('alertmanager', HTTP_ENTRIES),
  exactlyOne('url'),
  atMostOne('password'),
  atMostOne('bearer_token'),
);

/** Prometheus' `--rules.alert.resend-delay`: Alertmanager forgets what its clients do not repeat. */
export const RESEND_SECONDS = 60;

/** Prometheus gives an alert four resends to be heard of again (`rules/manager.go`, `SendAlerts`). */
const VALID_MS = 4 * RESEND_SECONDS * 1000;

export function create(name: string, config: v.InferOutput<typeof schema>): Channel {
  return {
    name,
    type: config.type,
    maxAlerts: 64,
    send: (batch, signal) => sendHttp(config, { json: alertmanagerBody(batch), address: apiOf, signal }),
  };
}

/** The configured address with the API's path behind whatever prefix it has. */
function apiOf(configured: URL): URL {
  const url = new URL(configured);
  url.pathname = `${url.pathname.replace(/\/(?:api\/v2\/alerts\/?)?$/, '')}/api/v2/alerts`;
  return url;
}

/** Alertmanager refuses the whole message for one name that is none. */
const labelName = (name: string): string => name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_');

const named = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [labelName(name), value]));

function alertmanagerBody({ alerts, atMs, externalUrl }: Batch) {
  return alerts.map((alert) => ({
    labels: named(labelsOf(alert)),
    annotations: named(alert.annotations),
    startsAt: isoTime(alert.startsAtMs),
    endsAt: isoTime(alert.endsAtMs ?? atMs + VALID_MS),
    generatorURL: externalUrl,
  }));
}
