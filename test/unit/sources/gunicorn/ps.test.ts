import { describe, expect, it } from 'vitest';
import { parseDuration, parsePs } from '../../../../src/sources/gunicorn/ps.ts';

describe('what ps prints', () => {
  it('is read on Linux', () => {
    const rows = parsePs(
      '    1     0 S   9876  170000  1-02:03:04 00:00:07 /sbin/init splash\n' +
        ' 7075     1 S  24552   30244    01:09:11 00:00:01 /usr/bin/python3 /usr/bin/gunicorn -w 2 app:app\n',
    );
    expect(rows.get(1)).toMatchObject({ parentPid: 0, elapsedSeconds: 93_784, cpuSeconds: 7 });
    expect(rows.get(7075)).toEqual({
      pid: 7075,
      parentPid: 1,
      state: 'S',
      rssBytes: 24552 * 1024,
      vmsBytes: 30244 * 1024,
      elapsedSeconds: 4151,
      cpuSeconds: 1,
      command: ['/usr/bin/python3', '/usr/bin/gunicorn', '-w', '2', 'app:app'],
    });
  });

  it('is read on macOS, which adds flags to the state and hundredths to the time', () => {
    const rows = parsePs('  501     1 Ss+   18324 34250000 02:10   0:01.25 /opt/homebrew/bin/gunicorn app:app\n');
    expect(rows.get(501)).toMatchObject({ state: 'S', elapsedSeconds: 130, cpuSeconds: 1.25, parentPid: 1 });
  });

  it('leaves out lines that it does not understand', () => {
    expect(parsePs('  PID  PPID S\nps: warning\n\n').size).toBe(0);
  });
});

it.each([
  ['00:05', 5],
  ['1:02.50', 62.5],
  ['03:02:01', 10_921],
  ['12-00:00:01', 1_036_801],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});
