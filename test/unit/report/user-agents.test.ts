import { expect, it } from 'vitest';
import { familyOf } from '../../../src/report/user-agents.ts';

const MOZILLA = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)';

it.each([
  [`${MOZILLA} Chrome/126.0.0.0 Safari/537.36`, 'Chrome', 'Linux', 'browser'],
  [`${MOZILLA} Chrome/126.0.0.0 Safari/537.36 Edg/126.0`, 'Edge', 'Linux', 'browser'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox', 'Windows', 'browser'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari',
    'iOS',
    'browser',
  ],
  ['curl/8.5.0', 'curl', null, 'tool'],
  ['python-requests/2.32.3', 'python-requests', null, 'tool'],
  ['kube-probe/1.29', 'kube-probe', null, 'bot'],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot', null, 'bot'],
  ['something else', 'other', null, 'other'],
])('%s', (userAgent, browser, system, kind) => {
  expect(familyOf(userAgent)).toEqual({ browser, system, kind });
});
