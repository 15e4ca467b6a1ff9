/** Sends a batch through a channel made of settings, as the config file would give them. */
import * as v from 'valibot';
import { channelConfig, createChannel } from '../../../../../src/alerts/notices/channels/index.ts';
import type { Batch, Outcome } from '../../../../../src/alerts/notices/index.ts';
import { withinTime } from '../../../../../src/alerts/notices/outbox.ts';
import { alertOf, START } from '../alerts.ts';

export const batchOf = (more: Partial<Batch> = {}): Batch => ({
  receiver: 'ops',
  alerts: [alertOf('HighErrorRate')],
  atMs: START + 1000,
  externalUrl: 'http://web-1:9180',
  ...more,
});

export interface SendOptions {
  readonly batch?: Batch;
  readonly hidden?: ReadonlySet<string>;
}

export function send(settings: unknown, { batch = batchOf(), hidden = new Set() }: SendOptions = {}): Promise<Outcome> {
  const config = v.parse(channelConfig, settings);
  const channel = createChannel('ops', config, hidden);
  return withinTime((signal) => channel.send(batch, signal), config.timeout * 1000);
}
