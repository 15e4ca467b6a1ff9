import { describe, expect, it } from 'vitest';
import { acceptsGzip, prefersOpenMetrics } from '../../../../src/output/prometheus/negotiate.ts';

describe('OpenMetrics', () => {
  const PROMETHEUS_2 =
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  const PROMETHEUS_3 =
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

  it.each([
    ['Prometheus 2', PROMETHEUS_2],
    ['Prometheus 3', PROMETHEUS_3],
    ['its name alone', 'application/openmetrics-text'],
    ['any case and spaces', 'Application/OpenMetrics-Text ; version="1.0.0" ; q=0.9 , text/plain;q=0.8'],
    ['the same weight for both', 'text/plain, application/openmetrics-text'],
    ['a broken weight, which is 1', 'application/openmetrics-text;q=much, text/plain;q=0.9'],
  ])('goes to %s', (_, accept) => {
    expect(prefersOpenMetrics(accept)).toBe(true);
  });

  it.each([
    ['nobody who does not ask', undefined],
    ['no browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['not curl', '*/*'],
    ['who likes text better', 'application/openmetrics-text;q=0.4, text/plain;q=0.5'],
    ['who likes all text better', 'application/openmetrics-text;q=0.4, text/*;q=0.5'],
    ['who wants it never', 'application/openmetrics-text;q=0'],
    ['who knows another version only', 'application/openmetrics-text;version=2.0.0'],
    ['rubbish', ',;;=;q=,\u0000'],
  ])('does not go to %s', (_, accept) => {
    expect(prefersOpenMetrics(accept)).toBe(false);
  });
});

describe('gzip', () => {
  it.each([
    ['gzip', true],
    ['GZIP, deflate', true],
    ['br;q=1, gzip;q=0.5', true],
    ['*', true],
    [undefined, false],
    ['', false],
    ['identity', false],
    ['gzip;q=0', false],
    ['gzip;q=0, *', false],
    ['gzip;q=0.2, identity', false],
  ])('%s: %s', (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});
