import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { camelCase, DEFAULTS, resolveSettings } from '../../../src/cli/config.ts';
import { parseDurationSeconds } from '../../../src/cli/duration.ts';
import { OPTIONS } from '../../../src/cli/options.ts';
import { printSettings } from '../../../src/cli/print-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'gtop-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NO_HOME = { XDG_CONFIG_HOME: join(folder, 'nothing-here') };

function configFile(text: string): string {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, text);
  return path;
}

const complaint = (flags: Record<string, unknown>, environment: NodeJS.ProcessEnv = NO_HOME): Promise<string> =>
  resolveSettings(flags, environment).then(
    () => 'was accepted',
    (error: Error) => error.message,
  );

describe('settings', () => {
  it('have defaults', async () => {
    expect(await resolveSettings({}, NO_HOME)).toEqual(DEFAULTS);
  });

  it('let the command line win over the environment, and that over the file', async () => {
    const config = configFile('window: 5m\ndelay: 3\ntheme: mono\nlog: [a.log, b.log]\n');
    const settings = await resolveSettings(
      { config, window: '10s' },
      { ...NO_HOME, GTOP_WINDOW: '1h', GTOP_DELAY: '2s' },
    );
    expect(settings).toMatchObject({ window: 10, delay: 2, theme: 'mono', log: ['a.log', 'b.log'] });
  });

  it('come from $XDG_CONFIG_HOME/gtop/config.yaml unless --no-config', async () => {
    mkdirSync(join(folder, 'home', 'gtop'), { recursive: true });
    writeFileSync(join(folder, 'home', 'gtop', 'config.yaml'), 'ascii: true\n');
    const environment = { XDG_CONFIG_HOME: join(folder, 'home') };
    expect(await resolveSettings({}, environment)).toMatchObject({ ascii: true });
    expect(await resolveSettings({ config: false }, environment)).toMatchObject({ ascii: false });
  });

  it.each([
    [{ window: '0' }, "--window '0' must be whole seconds, at least 1s"],
    [{ window: 'soon' }, "--window 'soon' is not a window: write 10s, 1m, 5m, 15m, 1h or all"],
    [{ delay: '0s' }, "--delay '0s' must be at least 0.1s"],
    [{ theme: 'pink' }, "--theme 'pink' must be one of default, light, mono, high-contrast"],
    [{ follow: 'hope' }, "--follow 'hope' must be one of generations, tail"],
  ])('refuse %j in one line', async (flags, expected) => {
    expect(await complaint(flags)).toBe(expected);
  });

  it('refuse a format string that Gunicorn could not print', async () => {
    expect(await complaint({ logFormat: '%(h' })).toMatch(
      /^--log-format '%\(h' is not a Gunicorn access_log_format: .*column/,
    );
  });

  it('name the file and the key that is wrong, with what was meant', async () => {
    const config = configFile('windwo: 5m\n');
    expect(await complaint({ config })).toBe(`${config}: unknown key 'windwo', did you mean 'window'?`);
    expect(await complaint({ config: configFile('window: [') })).toMatch(new RegExp(`^${config}: `));
    expect(await complaint({ config: configFile('- a\n') })).toBe(`${config}: must hold lines of the form key: value`);
    expect(await complaint({ config: join(folder, 'gone.yaml') })).toBe(`${join(folder, 'gone.yaml')}: no such file`);
    expect(await complaint({}, { ...NO_HOME, GTOP_DELAY: 'x' })).toMatch(/^GTOP_DELAY 'x' is not a duration/);
  });

  it('follow aliases and merge keys of YAML, within a bound', async () => {
    const probes =
      'probes:\n  a: &a { url: "http://127.0.0.1/a", interval: 5s }\n  b: { <<: *a, url: "http://127.0.0.1/b" }\n';
    const { probes: read } = await resolveSettings({ config: configFile(probes) }, NO_HOME);
    expect(read).toMatchObject([
      { name: 'a', url: 'http://127.0.0.1/a', intervalSeconds: 5 },
      { name: 'b', url: 'http://127.0.0.1/b', intervalSeconds: 5 },
    ]);
    const bomb = ['a', 'b', 'c', 'd'].map((name, index, names) => {
      const item = index === 0 ? 'x' : `*${names[index - 1]}`;
      return `${name}: &${name} [${Array(9).fill(item).join(', ')}]\n`;
    });
    expect(await complaint({ config: configFile(bomb.join('')) })).toMatch(/: too many aliases$/);
  });

  it.each([
    ['a second document', 'delay: 2s\n---\ndelay: 3s\n', 'a second document begins: a config file is one at line 2'],
    ['depth without end', `log: ${'['.repeat(20_000)}`, 'nested too deeply at line 1'],
    ['a merge of no map', 'probes: { <<: 3 }', '<< takes a map'],
    ['an alias of nothing', 'notify: { a: { password: *hunter2 } }', 'an alias of nothing: quote what begins with *'],
    ['a directive', 'notify: { a: { password: %hunter2 } }', 'Plain value cannot start with directive indicator'],
    ['an open quote', 'notify: { a: { password: "hunter2 } }', 'Missing closing "quote at line'],
  ])('say of YAML that has %s what is wrong, and quote nothing of it', async (_, text, expected) => {
    const config = configFile(text);
    const said = await complaint({ config });
    expect(said.slice(0, `${config}: ${expected}`.length)).toBe(`${config}: ${expected}`);
    expect(said).not.toContain('hunter2');
  });

  it.each([
    ['{ HighErrorRate: { threshold: 5 } }', 'HighErrorRate.threshold: must be a share from 0 to 1: 0.05 or 5%'],
    ['{ HighErrorRate: { threshold: 200% } }', 'HighErrorRate.threshold: must be a share from 0 to 1: 0.05 or 5%'],
    ['{ HighCpuUsage: { threshold: 0.8 } }', 'HighCpuUsage.threshold: must be a percentage from 1 to 100: 80 or 80%'],
    ['{ HighCpuUsage: { threshold: 101 } }', 'HighCpuUsage.threshold: must be a percentage from 1 to 100: 80 or 80%'],
    ['{ HighLatency: { threshold: 5% } }', 'HighLatency.threshold: must be a duration: 500ms or 2s'],
    ['[HighCpuUsage]', ' must be a map of alerts, such as HighCpuUsage: off'],
  ])('refuse alerts %s, which could never fire or never stop', async (alerts, expected) => {
    const config = configFile(`alerts: ${alerts}\n`);
    const dot = expected.startsWith(' ') ? ':' : '.';
    expect(await complaint({ config })).toBe(`${config}: alerts${dot}${expected}`);
  });

  it('take thresholds as shares, percent and times', async () => {
    const alerts =
      '{ HighErrorRate: { threshold: 7.5% }, HighCpuUsage: { threshold: 95% }, HighLatency: { threshold: 500ms } }';
    const settings = await resolveSettings({ config: configFile(`alerts: ${alerts}\n`) }, NO_HOME);
    expect(settings.alerts.builtIn).toEqual({
      HighErrorRate: { enabled: true, threshold: 0.075 },
      HighCpuUsage: { enabled: true, threshold: 95 },
      HighLatency: { enabled: true, threshold: 0.5 },
    });
  });

  it('print as a config file that gives the same settings again', async () => {
    const settings = await resolveSettings({ window: 'all', log: ['a b.log'], pid: ['7'] }, NO_HOME);
    const config = configFile(await printSettings(settings));
    expect(await resolveSettings({ config }, NO_HOME)).toEqual({ ...settings, configFile: config });
    expect(Object.keys(parse(await printSettings(settings)))).toEqual(
      OPTIONS.map((option) => option.key).filter((key) => DEFAULTS[camelCase(key) as keyof typeof DEFAULTS] !== null),
    );
  });
});

describe('a duration', () => {
  it.each([
    ['1s', 1],
    ['500ms', 0.5],
    ['1h30m', 5400],
    ['2', 2],
    ['1d', 86_400],
    ['', null],
    ['1 hour', null],
    ['-1s', null],
    ['s', null],
  ])('%s is %s seconds', (text, seconds) => {
    expect(parseDurationSeconds(text)).toBe(seconds);
  });
});
