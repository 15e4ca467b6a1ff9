import { describe, expect, it } from 'vitest';
import { answer, noAnswer } from '../../../../src/cli/check/answer.ts';
import { type Limit, parseLimit } from '../../../../src/cli/check/limit.ts';
import type { Level, Snapshot } from '../../../../src/model/snapshot.ts';
import { busy } from '../../../support/snapshots.ts';

const limit = (text: string): Limit => {
  const parsed = parseLimit(text);
  if ('complaint' in parsed) throw new Error(parsed.complaint);
  return parsed;
};

const judged = (level: Level, text = 'all is well'): Snapshot => ({
  ...busy(),
  verdict: { level, text, causes: [] },
  latency: { ...(busy().latency as NonNullable<Snapshot['latency']>), p95Seconds: 0.25 },
  status: { ...busy().status, serverErrorRatio: 0.031 },
});

const check = (snapshot: Snapshot, { warning = [] as string[], critical = [] as string[] } = {}) =>
  answer(snapshot, { warning: warning.map(limit), critical: critical.map(limit) });

describe('gtop check', () => {
  it.each([
    ['ok', 0, 'GTOP OK: all is well | '],
    ['warning', 1, 'GTOP WARNING: all is well | '],
    ['critical', 2, 'GTOP CRITICAL: all is well | '],
    ['unknown', 3, 'GTOP UNKNOWN: all is well | '],
  ] as const)('says %s by exit code %d', (level, exitCode, line) => {
    const result = check(judged(level));
    expect(result.exitCode).toBe(exitCode);
    expect(result.line.startsWith(line)).toBe(true);
  });

  it('has performance data with the limits, in base units', () => {
    const { line, exitCode } = check(judged('ok'), {
      warning: ['error_rate>1%'],
      critical: ['p95_response_time>500ms'],
    });
    expect(exitCode).toBe(1);
    expect(line).toMatch(/^GTOP WARNING: error_rate 0\.031 \(error_rate>1%\) \| /);
    expect(line).toContain(' error_rate=0.031;0.01;;0');
    expect(line).toContain(' p95_response_time=0.25s;;0.5;0');
  });

  it('writes numbers as plug-ins do: never an exponent, nor the remainder of a product', () => {
    const rare = { ...judged('ok'), status: { ...busy().status, serverErrorRatio: 0.0000002 } };
    const { line } = check(rare, {
      warning: ['error_rate>35%', 'memory_used>12345678901'],
      critical: ['error_rate>.0000001'],
    });
    expect(line).toContain(' error_rate=0.0000002;0.35;0.0000001;0');
    expect(line).toMatch(/ memory_used=\d+B;12345678901;;0/);
  });

  it('is the worst of the verdict and the limits', () => {
    expect(check(judged('critical', 'SATURATED'), { warning: ['error_rate>1%'] })).toMatchObject({
      exitCode: 2,
      line: expect.stringContaining('GTOP CRITICAL: error_rate 0.031 (error_rate>1%); SATURATED | '),
    });
    expect(check(judged('warning'), { critical: ['p95_response_time<1s'] }).exitCode).toBe(2);
    expect(check(judged('ok'), { critical: ['p95_response_time>=0.25'] }).exitCode).toBe(2);
    expect(check(judged('ok'), { critical: ['p95_response_time<=0.2'] }).exitCode).toBe(0);
  });

  it('is unknown where a limit cannot be looked at, unless something is critical anyway', () => {
    const blind = { ...judged('ok'), latency: null };
    expect(check(blind, { warning: ['p95_response_time>1'] })).toMatchObject({
      exitCode: 3,
      line: expect.stringContaining('GTOP UNKNOWN: p95_response_time is not known'),
    });
    expect(
      check(
        { ...blind, verdict: { level: 'critical', text: 'down', causes: [] } },
        { warning: ['p95_response_time>1'] },
      ).exitCode,
    ).toBe(2);
  });

  it('keeps the text clear of the bar and of what a terminal acts on', () => {
    const { line } = check(judged('warning', 'GET /a|b\u001b[31m\nx'));
    expect(line.split('|')).toHaveLength(2);
    expect(line).not.toMatch(/[\u001b\n]/);
  });

  it('says what went wrong, as unknown', () => {
    expect(noAnswer('access.log: no such file')).toEqual({
      line: 'GTOP UNKNOWN: access.log: no such file',
      exitCode: 3,
    });
  });

  it.each([
    ['p95_response_time', /is not METRIC>VALUE/],
    ['p95_respons_time>1', /names no metric, did you mean p95_response_time\?/],
    ['p95>1', /names no metric, did you mean p95_response_time\?/],
    ['nothing>1', /names no metric: there are requests_per_second, /],
    ['error_rate>5 apples', /is not METRIC>VALUE/],
    ['error_rate>5ms', /is not METRIC>VALUE/],
    ['p95_response_time>5%', /is not METRIC>VALUE/],
    ['memory_bytes>1toString', /is not METRIC>VALUE/],
    ['error_rate>5', /is out of range: error_rate goes from 0 to 1, 5 % is written 5%/],
  ])('refuses %s', (text, complaint) => {
    expect(parseLimit(text)).toMatchObject({ complaint: expect.stringMatching(complaint) });
  });

  it('reads limits in percent, milliseconds, thousands and bytes', () => {
    expect(limit('error_rate>5%').value).toBeCloseTo(0.05);
    expect(limit('cpu_percent>80%').value).toBe(80);
    expect(limit('p99_response_time > 250ms').value).toBeCloseTo(0.25);
    expect(limit('memory_bytes>2G').value).toBe(2e9);
    expect(limit('memory_bytes>512MB').value).toBe(512e6);
    expect(limit('memory_used >= 1.5GiB').value).toBe(1.5 * 2 ** 30);
    expect(limit('memory_available<1TiB').value).toBe(2 ** 40);
    expect(limit('requests_per_second>2k').value).toBe(2000);
    expect(limit('error_rate>.05').value).toBe(0.05);
  });
});
