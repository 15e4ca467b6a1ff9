import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrometheusText } from '../../../../src/sources/app-metrics/prometheus-text.ts';

const read = (text: string, most = 100) => readPrometheusText(text, most);
const one = (line: string) => read(line).samples[0];

describe("Prometheus' text format", () => {
  it('is read as applications write it', () => {
    const page = [
      '# HELP http_requests_total Requests.',
      '# TYPE http_requests_total counter',
      'http_requests_total{method="post",code="200"} 1027 1395066363000',
      'http_requests_total{method="post",code="400",}    3',
      '',
      '# A comment, and a series without labels:',
      'rpc_seconds_count 2693\r',
      '  indented 1.5e-3',
      'last_without_newline -0.5',
    ].join('\n');
    expect(read(page)).toEqual({
      samples: [
        { name: 'http_requests_total', labels: { method: 'post', code: '200' }, value: 1027 },
        { name: 'http_requests_total', labels: { method: 'post', code: '400' }, value: 3 },
        { name: 'rpc_seconds_count', labels: {}, value: 2693 },
        { name: 'indented', labels: {}, value: 0.0015 },
        { name: 'last_without_newline', labels: {}, value: -0.5 },
      ],
      dropped: 0,
      rejected: 0,
    });
  });

  it('has values that are no numbers', () => {
    for (const value of ['NaN', '+Inf', '-Inf', 'Infinity', 'nan']) {
      expect(one(`x ${value}`)).toEqual({ name: 'x', labels: {}, value: null });
    }
  });

  it('has escapes in label values, and anything else between the quotes', () => {
    expect(one('m{path="C:\\\\DIR\\\\",error="say \\"no\\"\\nnow",odd="\\x",more="},{ #\t"} 1')?.labels).toEqual({
      path: 'C:\\DIR\\',
      error: 'say "no"\nnow',
      odd: '\\x',
      more: '},{ #\t',
    });
  });

  it('has what OpenMetrics and Prometheus 3 add', () => {
    expect(one('lat_bucket{le="0.5"} 17 1520879607.789 # {trace_id="x"} 0.4 1520879607.1')).toEqual({
      name: 'lat_bucket',
      labels: { le: '0.5' },
      value: 17,
    });
    expect(one('{"my.metric", "my label"="ä"} 3')).toEqual({
      name: 'my.metric',
      labels: { 'my label': 'ä' },
      value: 3,
    });
    expect(read('# EOF\n').samples).toEqual([]);
  });

  it.each([
    'name',
    '1name 3',
    'name{ 3',
    'name{a="b" 3',
    'name{a=b} 3',
    'name{a="b"c="d"} 3',
    'name{a} 3',
    'name{"other"} 3',
    '{a="b"} 3',
    'name three',
    'name 3 yesterday',
    'name 3 4 5',
    'name 0x1f',
    'name 1_000',
    '<html>',
  ])('refuses %s', (line) => expect(read(line)).toEqual({ samples: [], dropped: 0, rejected: 1 }));

  it('keeps the first series and counts the rest', () => {
    const page = Array.from({ length: 1000 }, (_, index) => `m{n="${index}"} ${index}`).join('\n');
    const { samples, dropped } = read(page, 10);
    expect(samples.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(dropped).toBe(990);
  });

  it('is bounded in every part', () => {
    const long = 'x'.repeat(100_000);
    const { name = '', labels = {} } = one(`${long}{${long}="${long}"} 1`) ?? {};
    expect([name, ...Object.entries(labels).flat()].map(({ length }) => length)).toEqual([500, 500, 500]);
    const many = Array.from({ length: 31 }, (_, index) => `l${index}="x"`).join();
    expect(read(`m{${many}} 1`).rejected).toBe(1);
  });

  it('reads back what a writer wrote, whatever the label holds', () => {
    const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (text, value) => {
          expect(one(`m{l="${escaped(text)}"} ${value}`)).toEqual({ name: 'm', labels: { l: text }, value: value + 0 });
        },
      ),
    );
  });

  it('never throws, and accounts for every line', () => {
    const piece = fc.constantFrom('m', '{', '}', '"', '=', ',', ' ', '\\', '1', 'NaN', '#', '\n', 'é', '\u0000');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { samples, dropped, rejected } = read(pieces.join(''), 3);
        const lines = pieces
          .join('')
          .split('\n')
          .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
        expect(samples.length + dropped + rejected).toBe(lines.length);
      }),
    );
  });
});
