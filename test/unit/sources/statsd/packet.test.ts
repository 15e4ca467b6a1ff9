import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPacket } from '../../../../src/sources/statsd/packet.ts';

const read = (text: string) => readPacket(text).metrics;

describe("Gunicorn's packets", () => {
  it.each(['26.2.0', '20.1.0'])('of %s are all understood', (version) => {
    const packets = readFileSync(`test/fixtures/gunicorn/${version}/statsd/packets.txt`, 'utf8').trim().split('\n');
    expect(packets.length).toBeGreaterThan(20);
    for (const packet of packets) {
      expect(readPacket(packet), packet).toMatchObject({ metrics: { length: 1 }, foreign: 0, rejected: 0 });
    }
  });

  it('become requests, durations, statuses, log lines and gauges', () => {
    expect(read('web1.gunicorn.requests:1|c|@1.0')).toEqual([{ kind: 'requests', count: 1 }]);
    expect(read('web1.gunicorn.request.duration:2.5|ms')).toEqual([{ kind: 'duration', seconds: 0.0025 }]);
    expect(read('web1.gunicorn.request.status.404:1|c|@1.0')).toEqual([{ kind: 'status', code: 404, count: 1 }]);
    expect(read('web1.gunicorn.log.exception:1|c|@1.0')).toEqual([{ kind: 'log', level: 'exception', count: 1 }]);
    expect(read('web1.gunicorn.workers:3|g')).toEqual([{ kind: 'workers', value: 3 }]);
    expect(read('web1.gunicorn.backlog:7|h')).toEqual([{ kind: 'backlog', value: 7 }]);
  });

  it('may have any prefix, or none', () => {
    // One of a single letter is glued on: the pattern in statsd.py asks for two before it adds the dot.
    for (const prefix of ['', 'web1.', 'a', 'my.gunicorn.app.', 'gunicorn.', 'héllo-1/']) {
      expect(read(`${prefix}gunicorn.requests:1|c|@1.0`), prefix).toEqual([{ kind: 'requests', count: 1 }]);
    }
  });

  it('may carry tags, in any order with the rate', () => {
    expect(read('gunicorn.requests:1|c|@1.0|#shop:north,rack:7')).toHaveLength(1);
    expect(read('gunicorn.requests:1|c|#shop:north|@0.1')).toEqual([{ kind: 'requests', count: 10 }]);
    expect(read('gunicorn.requests:1|c|@0|#a:b')).toEqual([{ kind: 'requests', count: 1 }]);
  });

  it('may come joined by a relay', () => {
    const joined = 'gunicorn.requests:1|c|@1.0\ngunicorn.workers:2|g\r\n\norders:1|c\nrubbish\n';
    expect(readPacket(joined)).toEqual({
      metrics: [
        { kind: 'requests', count: 1 },
        { kind: 'workers', value: 2 },
      ],
      foreign: 1,
      rejected: 1,
    });
  });
});

describe('what else comes to the port', () => {
  it.each(['orders:3|c', 'notgunicorn.other:3|c', 'gunicorn.request.status:1|c', 'gunicorn.requests.x:1|c', 'set:a|s'])(
    '%s is not Gunicorn’s, and no fault',
    (line) => expect(readPacket(line)).toEqual({ metrics: [], foreign: 1, rejected: 0 }),
  );

  it.each([
    'gunicorn.requests',
    'gunicorn.requests:1',
    'gunicorn.requests:-1|c',
    'gunicorn.requests:1e12|c',
    'gunicorn.requests:1|g',
    'gunicorn.requests:NaN|c',
    'gunicorn.request.duration:90000000|ms',
    'gunicorn.workers:+1|g',
    'gunicorn.workers:99999999999999999999|g',
    'gunicorn.backlog:0.5|h',
    '{"json": true}',
    '\u0000\u0001',
  ])('%s is rubbish', (line) => expect(readPacket(line)).toEqual({ metrics: [], foreign: 0, rejected: 1 }));

  it('never throws, and every line is accounted for', () => {
    const piece = fc.oneof(
      fc.constantFrom('gunicorn.', 'requests', 'workers', ':', '|', '1', 'c', 'g', '@1.0', '#', '\n', '.'),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const { metrics, foreign, rejected } = readPacket(text);
        const lines = text.split('\n').filter((line) => line !== '' && line !== '\r');
        expect(metrics.length + foreign + rejected).toBe(lines.length);
        for (const metric of metrics) {
          for (const value of Object.values(metric))
            if (typeof value === 'number') expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
