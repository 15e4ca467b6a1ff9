import { afterEach, describe, expect, it } from 'vitest';
import { slackText } from '../../../../../src/alerts/notices/channels/slack.ts';
import { cleanUp } from '../../../../support/cleanup.ts';
import { answerStatus, startReceiver } from '../../../../support/receivers.ts';
import { alertOf, resolved, START } from '../alerts.ts';
import { batchOf, send } from './send.ts';

afterEach(cleanUp);

async function messageOf(batch = batchOf(), more: object = {}) {
  const { url, received } = await startReceiver();
  await send({ type: 'slack', url, ...more }, { batch });
  return received[0]?.json;
}

describe('a message in Slack', () => {
  it('says what, how much, since when and where', async () => {
    const { text } = await messageOf();
    expect(text.split('\n')).toEqual([
      'FIRING HighErrorRate (critical)',
      'HighErrorRate happened',
      'value 0.12 · threshold 0.05 · since 2026-11-21T12:00:00.000Z',
      'instance=web-1',
    ]);
  });

  it('of several begins with how many', async () => {
    const { text } = await messageOf(batchOf({ alerts: [resolved(alertOf('A'), START + 60_000), alertOf('B')] }));
    expect(text).toMatch(/^1 firing, 1 resolved: A, B\n\nRESOLVED A \(critical\)\n/);
    expect(text).toContain('until 2026-11-21T12:01:00.000Z');
  });

  it('carries the look that the channel has', async () => {
    const look = { channel: '#ops', username: 'gtop', icon_emoji: ':fire:' };
    expect(await messageOf(batchOf(), look)).toMatchObject(look);
  });

  it('never calls anybody, links or hides what strangers wrote', async () => {
    const summary = '<!channel> <@U123> <http://evil|your bank> & @channel @HERE @everyone';
    const message = await messageOf(batchOf({ alerts: [alertOf('A', { annotations: { summary } })] }));
    expect(message).toMatchObject({ mrkdwn: false, link_names: false, parse: 'none', unfurl_links: false });
    expect(message.text).toContain(
      '&lt;!channel&gt; &lt;@U123&gt; &lt;http://evil|your bank&gt; &amp; @ channel @ HERE @ everyone',
    );
  });

  it('stays below what Slack takes', async () => {
    const annotations = { summary: '&'.repeat(2000), description: '&'.repeat(2000) };
    const alerts = [...Array(4).keys()].map((i) => alertOf(`A${i}`, { annotations }));
    expect((await messageOf(batchOf({ alerts }))).text.length).toBeLessThan(40_000);
  });

  it('is cut between two characters, never within one', async () => {
    for (const before of ['', 'x']) {
      const annotations = { summary: before + '🔥'.repeat(900), description: '🔥'.repeat(900) };
      const { text } = await messageOf(batchOf({ alerts: [alertOf('A', { annotations })] }));
      expect(text).toMatch(/🔥…$/u);
      expect(encodeURIComponent(text)).toContain('%F0%9F%94%A5');
    }
  });
});

it("tells Slack's reason, and nothing else that an answer may hold", async () => {
  const gone = await startReceiver(answerStatus(404, {}, 'no_service'));
  expect(await send({ type: 'slack', url: gone.url })).toEqual({
    ok: false,
    error: 'answers 404: no_service: the webhook was removed or is disabled',
    retry: false,
  });
  const echo = await startReceiver((request, response) => void response.writeHead(404).end(request.url));
  expect(await send({ type: 'slack', url: `${echo.url}/canary` })).toMatchObject({ error: 'answers 404' });
});

it('leaves other text as it is', () => {
  expect(slackText('user@example.org at 5xx 6 %')).toBe('user@example.org at 5xx 6 %');
});
