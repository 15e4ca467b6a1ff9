/** `gtop notify test`: one marked notice through every channel, outside of all queues. */
import type { NotifiableAlert } from './alert.ts';
import type { Outcome } from './channel.ts';
import { createChannel } from './channels/index.ts';
import { type NotifyConfig, secretVariables } from './config.ts';
import { withinTime } from './outbox.ts';

export interface TestResult {
  readonly name: string;
  readonly type: string;
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** How long Alertmanager keeps the test notice. */
const VALID_MS = 60_000;

function testAlert(host: string, nowMs: number, mark: string): NotifiableAlert {
  return {
    name: 'GtopTestNotice',
    severity: 'info',
    state: 'firing',
    labels: { test: 'true', instance: host },
    annotations: { summary: `Test notice from gtop on ${host}: nothing is wrong` },
    value: null,
    threshold: null,
    startsAtMs: nowMs,
    endsAtMs: nowMs + VALID_MS,
    fingerprint: mark,
    classical: { message: `Test notice from gtop on ${host}: nothing is wrong`, metrics: {} },
  };
}

/**
 * Sends the notice through all channels at once, each tried once.
 * @param host name of this machine. @param onResult called in the order of the channels.
 */
export async function sendTestNotices(
  channels: NotifyConfig,
  host: string,
  nowMs: number,
  onResult: (result: TestResult) => void,
): Promise<void> {
  const hidden = secretVariables(channels);
  const alerts = [testAlert(host, nowMs, '0000000000000001')];
  const results = Object.entries(channels).map(async ([name, config]): Promise<TestResult> => {
    const channel = createChannel(name, config, hidden);
    const startMs = performance.now();
    const batch = { receiver: name, alerts, atMs: nowMs, externalUrl: '' };
    const outcome = await withinTime((signal) => channel.send(batch, signal), config.timeout * 1000);
    return { name, type: channel.type, outcome, seconds: (performance.now() - startMs) / 1000 };
  });
  for (const result of results) onResult(await result);
}
