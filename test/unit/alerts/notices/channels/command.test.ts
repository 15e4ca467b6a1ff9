import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cleanUp, temporaryFolder } from '../../../../support/cleanup.ts';
import { isAlive } from '../../../../support/wait.ts';
import { alertOf } from '../alerts.ts';
import { batchOf, send } from './send.ts';

afterEach(async () => {
  vi.unstubAllEnvs();
  await cleanUp();
});

const command = (argv: readonly string[], more: object = {}) => ({ type: 'command', command: argv, ...more });
/** Only the tests call a shell. */
const shell = (script: string, more: object = {}) => command(['/bin/sh', '-c', script], more);

describe('a command', () => {
  it('gets the alerts as JSON on its standard input', async () => {
    const file = join(temporaryFolder(), 'got');
    expect(await send(command(['tee', file]))).toEqual({ ok: true });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      version: '4',
      status: 'firing',
      alerts: [{ labels: { alertname: 'HighErrorRate' } }],
    });
  });

  it('gets its arguments as they are: nothing is expanded', async () => {
    const folder = temporaryFolder();
    const name = `$(touch ${folder}/owned); *`;
    expect(await send(command(['touch', `${folder}/${name.replaceAll('/', '_')}`]))).toEqual({ ok: true });
    expect(existsSync(join(folder, 'owned'))).toBe(false);
    expect(existsSync(`${folder}/${name.replaceAll('/', '_')}`)).toBe(true);
  });

  it('need not read what it gets', async () => {
    const annotations = Object.fromEntries([...Array(100).keys()].map((i) => [`a${i}`, 'x'.repeat(2000)]));
    const batch = batchOf({ alerts: [alertOf('A', { annotations })] });
    expect(await send(command(['true']), { batch })).toEqual({ ok: true });
  });

  it('has the environment of gtop but for the secrets of other channels', async () => {
    vi.stubEnv('PAGER_REGION', 'eu');
    vi.stubEnv('SLACK_URL', 'canary');
    const file = join(temporaryFolder(), 'env');
    await send(shell(`env > ${file}`), { hidden: new Set(['SLACK_URL']) });
    expect(readFileSync(file, 'utf8')).toContain('PAGER_REGION=eu\n');
    expect(readFileSync(file, 'utf8')).not.toContain('canary');
  });
});

describe('a command that fails', () => {
  it('is not run again: it may have done its work', async () => {
    expect(await send(shell('echo "no \x1b[31mroute" >&2; echo more >&2; exit 3'))).toEqual({
      ok: false,
      error: 'exits with 3: no \\x1b[31mroute',
      retry: false,
    });
  });

  it('with EX_TEMPFAIL asks to be run again', async () => {
    expect(await send(shell('exit 75'))).toEqual({ ok: false, error: 'exits with 75', retry: true });
  });

  it('by a signal is named with it', async () => {
    expect(await send(shell('kill -9 $$'))).toEqual({ ok: false, error: 'was ended by SIGKILL', retry: false });
  });

  it('to start is tried again', async () => {
    expect(await send(command(['/nowhere/page']))).toEqual({
      ok: false,
      error: '/nowhere/page: no such file',
      retry: true,
    });
  });

  it('to end is ended at its time limit, and its children with it', async () => {
    const file = join(temporaryFolder(), 'pids');
    const script = `sleep 60 & echo $$ $! > ${file}; wait`;
    expect(await send(shell(script, { timeout: 1 }))).toEqual({
      ok: false,
      error: 'ran into its time limit and was ended',
      retry: false,
    });
    const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await expect.poll(() => pids.filter(isAlive), { timeout: 5000 }).toEqual([]);
  });

  it('to let go of its output delays nobody', async () => {
    expect(await send(shell('sleep 60 & echo $! >&2; exit 0', { timeout: 5 }))).toEqual({ ok: true });
  });

  it('may quote its arguments: they are secrets', async () => {
    const canary = 'canary-5f1c';
    const argv = [
      '/bin/sh',
      '-c',
      'IFS="="; set -- "$@" $1; echo "bad: $1 $5 $2 $3" >&2; exit 1',
      'page',
      `--token=${canary}`,
      '-u',
      canary,
    ];
    expect(await send(command(argv))).toEqual({
      ok: false,
      error: 'exits with 1: bad: <secret> <secret> -u <secret>',
      retry: false,
    });
    const late = `head -c 195 /dev/zero | tr '\\0' x; echo ${canary}`;
    const cut = await send(command(['/bin/sh', '-c', `(${late}) >&2; exit 1`, 'page', canary]));
    expect(!cut.ok && cut.error).not.toContain('canar');
  });

  it('complains without end: only its first line counts', async () => {
    const result = await send(shell('head -c 3000000 /dev/zero | tr "\\0" x >&2; exit 1'));
    expect(result).toMatchObject({ ok: false, retry: false });
    expect(!result.ok && result.error.length).toBeLessThan(300);
  });
});
