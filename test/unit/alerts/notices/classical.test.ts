import { afterEach, describe, expect, it } from 'vitest';
import { createChannel } from '../../../../src/alerts/notices/channels/index.ts';
import { classicalChannels, type NotifyConfig } from '../../../../src/alerts/notices/index.ts';
import { cleanUp } from '../../../support/cleanup.ts';
import { startReceiver } from '../../../support/receivers.ts';
import { alertOf, resolved, START } from './alerts.ts';

const CANARY = 'canary-5f1c';

afterEach(cleanUp);

const GIVEN = {
  email: {
    smtp_server: 'smtp.example.org',
    smtp_port: 587,
    use_tls: true,
    username: 'u',
    password: CANARY,
    from: 'gtop@example.org',
    to: ['ops@example.org'],
  },
  slack: {
    webhook_url: `https://hooks.slack.example/${CANARY}`,
    channel: '#alerts',
    username: 'Gunicorn',
    icon_emoji: ':warning:',
  },
  webhook: { url: 'https://hook.example/', method: 'POST', headers: { Authorization: `Bearer ${CANARY}` } },
};

function channelsOf(given: unknown): NotifyConfig {
  const result = classicalChannels('High', given);
  if (!result.ok) throw new Error(result.message);
  return result.channels;
}

describe('the notifications of a classical rule', () => {
  it('become channels of that rule', () => {
    expect(channelsOf(GIVEN)).toMatchObject({
      'High/email': { type: 'email', host: 'smtp.example.org', port: 587, tls: 'starttls', to: ['ops@example.org'] },
      'High/slack': { type: 'slack', channel: '#alerts', username: 'Gunicorn', icon_emoji: ':warning:' },
      'High/webhook': { type: 'classical-webhook', method: 'POST' },
    });
  });

  it('hide their secrets', () => {
    expect(JSON.stringify(channelsOf(GIVEN))).not.toContain(CANARY);
  });

  it.each([
    ['no TLS', { use_tls: false, smtp_port: 25 }, { tls: 'none', port: 25 }],
    ['the port of TLS from the first byte', { smtp_port: 465 }, { tls: 'implicit', port: 465 }],
    ['nothing said', { smtp_port: undefined, use_tls: undefined }, { tls: 'starttls' }],
    ['one recipient', { to: 'ops@example.org' }, { to: ['ops@example.org'] }],
    ['no sender but a login', { from: undefined, username: 'me@example.org' }, { from: 'me@example.org' }],
    ['no login', { username: '', password: '' }, { host: 'smtp.example.org' }],
  ])('mail with %s', (_name, more, expected) => {
    expect(channelsOf({ email: { ...GIVEN.email, ...more } })['High/email']).toMatchObject(expected);
  });

  it.each([[undefined], [null], [{}], [{ email: null, pager: { number: 1 } }]])('may be none: %j', (given) => {
    expect(channelsOf(given)).toEqual({});
  });

  it.each([
    ['no map', CANARY, 'notifications must be a map of email, slack and webhook'],
    ['no address', { slack: {} }, 'notifications.slack.webhook_url is missing'],
    [
      'a bad address',
      { webhook: { url: CANARY } },
      'notifications.webhook.url must be an address like https://host/path',
    ],
    [
      'a bad method',
      { webhook: { ...GIVEN.webhook, method: CANARY } },
      'notifications.webhook.method must be POST or GET',
    ],
    ['a bad port', { email: { ...GIVEN.email, smtp_port: CANARY } }, 'notifications.email.smtp_port must be a number'],
  ])('with %s are refused without a quotation', (_name, given, message) => {
    expect(classicalChannels('High', given)).toEqual({ ok: false, message });
  });
});

describe('the webhook of a classical rule', () => {
  const alert = alertOf('High', {
    classical: { message: 'Error rate 12.00%', metrics: { error_rate: 0.12, p95_response_time: null } },
  });

  async function sendTo(method: string, path = '/hook', sent = alert) {
    const { url, received } = await startReceiver();
    const config = channelsOf({ webhook: { url: url + path, method, headers: { 'X-Key': 'k' } } })['High/webhook'];
    if (!config) throw new Error('no channel');
    const batch = { receiver: 'High/webhook', alerts: [sent], atMs: START + 1000, externalUrl: '' };
    const channel = createChannel('High/webhook', config, new Set());
    expect(await channel.send(batch, new AbortController().signal)).toEqual({ ok: true });
    return received[0];
  }

  it('gets name, message, metrics and time', async () => {
    expect(await sendTo('POST')).toMatchObject({
      method: 'POST',
      url: '/hook',
      headers: { 'x-key': 'k' },
      json: {
        rule_name: 'High',
        message: 'Error rate 12.00%',
        metrics: { error_rate: 0.12, p95_response_time: null },
        timestamp: '2026-11-21T12:00:01.000Z',
        status: 'firing',
      },
    });
  });

  it('gets the same as parameters of a GET', async () => {
    const request = await sendTo('get', '/hook?key=1');
    expect(request).toMatchObject({ method: 'GET', body: '' });
    const { searchParams } = new URL(request?.url ?? '', 'http://x');
    expect(Object.fromEntries(searchParams)).toEqual({
      key: '1',
      rule_name: 'High',
      message: 'Error rate 12.00%',
      metrics: '{"error_rate":0.12,"p95_response_time":null}',
      timestamp: '2026-11-21T12:00:01.000Z',
      status: 'firing',
    });
  });

  it('is told of the end', async () => {
    expect((await sendTo('POST', '/', resolved(alert, START + 5000)))?.json.status).toBe('resolved');
  });
});
