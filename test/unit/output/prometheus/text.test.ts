import { describe, expect, it } from 'vitest';
import type { MetricFamily } from '../../../../src/model/metrics/index.ts';
import { toOpenMetrics, toPrometheusText } from '../../../../src/output/prometheus/index.ts';

const requests: MetricFamily = {
  name: 'gunicorn_requests_total',
  type: 'counter',
  help: 'Requests',
  samples: [{ labels: { method: 'GET', endpoint: '/a' }, value: 3 }],
};
const cpu: MetricFamily = { name: 'cpu_seconds_total', type: 'counter', unit: 'seconds', help: 'CPU', samples: [] };
const build: MetricFamily = {
  name: 'gtop_build_info',
  type: 'info',
  help: 'Version',
  samples: [{ labels: { version: '1.2.3' }, value: 1 }],
};
const sizes: MetricFamily = {
  name: 'size_bytes',
  type: 'summary',
  unit: 'bytes',
  help: 'Size',
  samples: [
    { suffix: '_sum', labels: {}, value: 1e21 },
    { suffix: '_count', labels: {}, value: 2 },
  ],
};

describe('the text format', () => {
  it('writes names as they are and an info as a gauge', () => {
    expect(toPrometheusText([requests, sizes, build])).toBe(`# HELP gunicorn_requests_total Requests
# TYPE gunicorn_requests_total counter
gunicorn_requests_total{method="GET",endpoint="/a"} 3
# HELP size_bytes Size
# TYPE size_bytes summary
size_bytes_sum 1e+21
size_bytes_count 2
# HELP gtop_build_info Version
# TYPE gtop_build_info gauge
gtop_build_info{version="1.2.3"} 1
`);
  });

  it('escapes help texts: backslash and newline', () => {
    expect(toPrometheusText([{ ...cpu, help: 'a\\b\n"c"' }])).toContain('# HELP cpu_seconds_total a\\\\b\\n"c"\n');
  });
});

describe('OpenMetrics', () => {
  it('names counters and infos without their suffix, says units and marks the end', () => {
    expect(toOpenMetrics([requests, cpu, build])).toBe(`# TYPE gunicorn_requests counter
# HELP gunicorn_requests Requests
gunicorn_requests_total{method="GET",endpoint="/a"} 3
# TYPE cpu_seconds counter
# UNIT cpu_seconds seconds
# HELP cpu_seconds CPU
# TYPE gtop_build info
# HELP gtop_build Version
gtop_build_info{version="1.2.3"} 1
# EOF
`);
  });

  it('escapes quotes in help texts too', () => {
    expect(toOpenMetrics([{ ...cpu, help: '"c"' }])).toContain('# HELP cpu_seconds \\"c\\"\n');
  });
});

describe('label values', () => {
  it.each([
    ['a quote and a backslash', '/"\\', '/\\"\\\\'],
    ['a newline: a control character like others', '/a\nb', '/a\\\\x0ab'],
    ['an escape sequence', '\x1b]0;title\x07', '\\\\x1b]0;title\\\\x07'],
    ['text that runs backwards', '/\u202egpj.exe', '/\\\\u202egpj.exe'],
    ['half a character', '/\ud800', '/\\\\ud800'],
    ['other languages as they are', '/größe/日本', '/größe/日本'],
  ])('%s', (_, value, written) => {
    const family = { ...requests, samples: [{ labels: { endpoint: value }, value: 1 }] };
    expect(toPrometheusText([family])).toContain(`{endpoint="${written}"} 1\n`);
  });
});

describe('values', () => {
  it.each([
    [0, '0'],
    [0.1, '0.1'],
    [1e-7, '1e-7'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('%s', (value, written) => {
    expect(toPrometheusText([{ ...requests, samples: [{ labels: {}, value }] }])).toContain(`total ${written}\n`);
  });
});
