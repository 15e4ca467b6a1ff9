import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatClock,
  formatCount,
  formatCpu,
  formatDay,
  formatDuration,
  formatFew,
  formatMemory,
  formatMoment,
  formatPercentNumber,
  formatRate,
  formatRatio,
  formatRatioSign,
  formatStopwatch,
  formatWindow,
  secondsSince,
} from '../../../src/ui/format.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

describe('numbers of things', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [842, '842'],
    [999, '999'],
    [999.6, '1.00k'],
    [1000, '1.00k'],
    [1234, '1.23k'],
    [9994, '9.99k'],
    [9996, '10.0k'],
    [45_600, '45.6k'],
    [123_456, '123k'],
    [999_499, '999k'],
    [999_600, '1.00M'],
    [2_401_233, '2.40M'],
    [-1234, '-1.23k'],
  ])('%d → %s', (value, text) => expect(formatCount(value)).toBe(text));
});

describe('rates', () => {
  it.each([
    [0, '0'],
    [0.001, '<0.01'],
    [0.0049, '<0.01'],
    [0.005, '0.01'],
    [0.42, '0.42'],
    [3.5, '3.50'],
    [9.996, '10.0'],
    [12.1, '12.1'],
    [99.96, '100'],
    [842, '842'],
    [1234, '1.23k'],
  ])('%d → %s', (value, text) => expect(formatRate(value)).toBe(text));
});

describe('numbers of things in a narrow column', () => {
  it.each([
    [8, 3, '8'],
    [999, 3, '999'],
    [1000, 3, '1k'],
    [1000, 4, '1000'],
    [9999, 4, '9999'],
    [10_240, 4, '10k'],
    [999_999, 4, '999k'],
    [1_048_576, 4, '1M'],
    [null, 4, '–'],
  ])('%d in %d cells → %s', (value, width, text) => expect(formatFew(value, width)).toBe(text));
});

describe('memory, in units of 1024', () => {
  it.each([
    [0, '0B'],
    [512, '512B'],
    [1024, '1.00K'],
    [78 * 2 ** 20, '78.0M'],
    [182 * 2 ** 20, '182M'],
    // 1000–1023 of a unit would be a fourth digit.
    [1010 * 2 ** 20, '0.99G'],
    [1.234 * 2 ** 30, '1.23G'],
  ])('%d → %s', (value, text) => expect(formatMemory(value)).toBe(text));
});

describe('traffic, in units of 1000', () => {
  it.each([
    [0, '0B'],
    [999, '999B'],
    [1200, '1.20kB'],
    [12_300_000, '12.3MB'],
    [999_900_000, '1.00GB'],
  ])('%d → %s', (value, text) => expect(formatBytes(value)).toBe(text));
});

describe('durations', () => {
  it.each([
    [0, '0s'],
    [0.0000001, '1µs'],
    [0.00041, '410µs'],
    [0.0009996, '1.00ms'],
    [0.0274, '27.4ms'],
    [0.182, '182ms'],
    [0.9996, '1.00s'],
    [1.5, '1.50s'],
    [38.2, '38.2s'],
    [59.96, '1m00s'],
    [110, '1m50s'],
    [HOUR - 0.4, '1h00m'],
    [2 * HOUR + 3 * MINUTE, '2h03m'],
    [3 * DAY + 4 * HOUR, '3d04h'],
    [123 * DAY + HOUR, '123d'],
    [-1.5, '-1.50s'],
  ])('%d s → %s', (value, text) => expect(formatDuration(value)).toBe(text));

  it.each([
    [0.9, '0s'],
    [48.7, '48s'],
    [250, '4m10s'],
    [-3, '0s'],
  ])('an age of %d s → %s', (value, text) => expect(formatAge(value)).toBe(text));

  it.each([
    [42, '00:42'],
    [725.9, '12:05'],
    [3725, '1:02:05'],
  ])('a stopwatch at %d s → %s', (value, text) => expect(formatStopwatch(value)).toBe(text));
});

describe('percentages have at most two decimals', () => {
  it.each([
    [0, '0'],
    [0.00001, '<0.01'],
    [0.0042, '0.42'],
    [0.061, '6.10'],
    [0.961, '96.1'],
    [0.9994, '99.9'],
    [0.9995, '99.9'],
    [0.999999, '99.9'],
    [1, '100'],
  ])('a ratio of %d → %s', (value, text) => expect(formatRatio(value)).toBe(text));

  it('has the sign behind a blank', () => expect(formatRatioSign(0.0042)).toBe('0.42 %'));

  it.each([
    [0.04, '0.0'],
    [2, '2.0'],
    [99.1, '99.1'],
    [99.96, '100'],
    [412.3, '412'],
  ])('CPU of %d → %s', (value, text) => expect(formatCpu(value)).toBe(text));
});

describe('what is not known', () => {
  const formats = { formatCount, formatRate, formatMemory, formatBytes, formatDuration, formatAge, formatCpu };
  it.each(Object.entries({ ...formats, formatRatio, formatRatioSign, formatPercentNumber }))(
    '%s shows – and never 0',
    (_, format) => {
      for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect(format(value)).toBe('–');
    },
  );

  it('is a clock of no time, too', () => {
    expect(formatClock(null, 'utc')).toBe('–');
    expect(formatClock('rubbish', 'utc')).toBe('–');
  });

  it('is the time since no time', () => expect(secondsSince(null, 0)).toBeNull());
});

describe('columns never have to grow', () => {
  const positive = fc.double({ min: 0, max: 1e14, noNaN: true });
  it.each([
    ['count', formatCount, 5],
    ['rate', formatRate, 5],
    ['memory', formatMemory, 5],
    ['bytes', formatBytes, 6],
  ] as const)('%s', (_, format, width) => {
    fc.assert(fc.property(positive, (value) => format(value).length <= width));
  });

  it('durations up to 2,700 years', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 86_400 * 99_999, noNaN: true }),
        (value) => formatDuration(value).length <= 6,
      ),
    );
  });
});

describe('names and clocks', () => {
  it.each([
    [10, '10s'],
    [60, '1m'],
    [90, '90s'],
    [900, '15m'],
    [3600, '1h'],
    [null, 'all'],
  ])('a window of %s → %s', (seconds, text) => expect(formatWindow(seconds)).toBe(text));

  it('shows the day in place of the time of day where that is another one, as ls does', () => {
    const nowMs = Date.parse('2026-11-21T12:03:44Z');
    const said = (at: string | null): string => formatMoment(at, nowMs, 'utc');
    expect(said('2026-11-21T12:03:40Z')).toBe('12:03:40');
    expect(said('2026-11-20T12:03:45Z')).toBe('12:03:45');
    expect(said('2026-11-20T12:03:44Z')).toBe('Nov 20');
    expect(said('2026-09-02T00:00:00Z')).toBe('Sep 02');
    expect(said('2024-02-29T12:00:00Z')).toBe('Feb 2024');
    expect(said(null)).toBe('–');
    expect(said('rubbish')).toBe('–');
  });

  it('shows the time of day in UTC', () => expect(formatClock('2026-11-21T12:03:44.900Z', 'utc')).toBe('12:03:44'));

  it('counts no time backwards', () => {
    expect(secondsSince('2026-11-21T12:00:10Z', Date.parse('2026-11-21T12:00:00Z'))).toBe(0);
    expect(secondsSince('2026-11-21T12:00:00Z', Date.parse('2026-11-21T12:00:10Z'))).toBe(10);
  });
});

describe('a day', () => {
  it('is that of the zone', () => {
    expect(formatDay('2026-11-21T23:30:00Z', 'utc')).toBe('2026-11-21');
    const local = new Date(2026, 10, 21, 0, 30);
    expect(formatDay(local.toISOString(), 'local')).toBe('2026-11-21');
    expect(formatDay(null, 'utc')).toBe('–');
    expect(formatDay('never', 'local')).toBe('–');
  });
});
