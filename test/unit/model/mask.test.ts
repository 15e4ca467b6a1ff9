import { describe, expect, it } from 'vitest';
import { maskAddress, maskRawLines, maskSnapshot, maskText } from '../../../src/model/mask.ts';
import { busy } from '../../support/snapshots.ts';

describe('masking', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::1', '::/48'],
    ['2001:db8:12:3::5', '2001:db8:12::/48'],
    ['2001:0db8:0012:0003:0004:0005:0006:0007', '2001:db8:12::/48'],
    ['fe80::1%eth0', 'fe80::/48'],
    ['::ffff:10.1.2.3', '::ffff:10.1.2.0/24'],
    ['10.1.2.3, 192.168.7.9', '10.1.2.0/24, 192.168.7.0/24'],
    ['laptop-of-bob', '***'],
    ['unix:', '***'],
  ])('the address %s becomes %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });

  it.each([
    ['Invalid request from ip=10.1.2.3: bad', 'Invalid request from ip=10.1.2.0/24: bad'],
    ['killed in GET /search?q=secret&x=1 (app.py:88)', 'killed in GET /search?*** (app.py:88)'],
    ['https://bob:pw@example.org/a?token=1#x', 'https://***@example.org/a?***'],
    ['what? really', 'what? really'],
    ['12:03:44 worker 4711 booted in 2.1.0', '12:03:44 worker 4711 booted in 2.1.0'],
    ['Mozilla/5.0 Chrome/126.0.0.0', 'Mozilla/5.0 Chrome/126.0.0.0'],
    ['http://10.1.2.3/a', 'http://10.1.2.0/24/a'],
    ['gone: 2001:db8:1:2::3.', 'gone: 2001:db8:1::/48.'],
    ['gunicorn 26.2.0 · Chrome/126.0.6478.55', 'gunicorn 26.2.0 · Chrome/126.0.6478.55'],
    ['user=bob and status=500', 'user=*** and status=500'],
    ['{"user": "bob smith", "n": 1}', '{"user": ***, "n": 1}'],
    ['ip=10.0.0.0/8', 'ip=10.0.0.0/24'],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it('takes no long time over a hostile text', () => {
    for (const piece of ['1.', ':', '//', 'user=', '?', 'a:', '1.1.1.1'])
      expect(maskText(piece.repeat(100_000)).length).toBeGreaterThan(0);
  });

  it('hides them wherever a Snapshot has them, and adds up what becomes equal', () => {
    const secret = /10\.1\.2\.\d(?!\/)|bob|hunter2/;
    const row = (value: string, count: number) => ({ value, count, bytes: 10 * count });
    const masked = maskSnapshot(
      busy({
        filter: 'ip=10.1.2.3 and user=bob',
        clients: {
          addresses: [row('10.1.2.3', 5), row('9.9.9.9', 4), row('10.1.2.4', 3)],
          userAgents: [row('curl/8.5', 12)],
          methods: [row('GET', 12)],
          referrers: [row('https://x/?key=hunter2', 2), row('https://x/?key=other', 1)],
          distinct: { addresses: 3, userAgents: 1, methods: 1, referrers: 2, paths: 1 },
        },
        slow: [
          { at: null, method: 'GET', path: '/x', status: 200, seconds: 1, bytes: 1, address: '10.1.2.3', worker: 7 },
        ],
        events: [
          {
            at: '2026-11-21T12:00:00.000Z',
            kind: 'x',
            level: 'ok',
            worker: null,
            method: null,
            path: '/a',
            text: 'from 10.1.2.3',
            details: '10.1.2.3 - bob [21/Nov/2026:12:00:00 +0000] "GET /a?p=hunter2 HTTP/1.1"\nx',
          },
        ],
      }),
    );
    expect(JSON.stringify(masked)).not.toMatch(secret);
    expect(masked.clients.addresses).toEqual([row('10.1.2.0/24', 8), row('9.9.9.0/24', 4)]);
    expect(masked.clients.referrers).toEqual([row('https://x/?***', 3)]);
    expect(masked.events[0]?.details).toBe('10.1.2.0/24 - *** [21/Nov/2026:12:00:00 +0000] "GET /a?*** HTTP/1.1"\nx');
    expect(masked.clients.methods).toEqual([row('GET', 12)]);
  });

  it('hides them in lines of a log', () => {
    const text = '10.1.2.3 - bob [21/Nov/2026:12:00:00 +0000] "GET /a?x=1 HTTP/1.1" 200 12 "-" "curl/8.5" 5000 <7>';
    const line = { kind: 'access' as const, at: null, level: null, status: 200, text };
    const [masked] = maskRawLines({ filter: null, lines: [line], reading: false }).lines;
    expect(masked?.text).toBe(
      '10.1.2.0/24 - *** [21/Nov/2026:12:00:00 +0000] "GET /a?*** HTTP/1.1" 200 12 "-" "curl/8.5" 5000 <7>',
    );
  });
});
