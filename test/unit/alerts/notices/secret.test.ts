import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { readSecret, Secret } from '../../../../src/alerts/notices/secret.ts';
import { cleanUp, temporaryFolder } from '../../../support/cleanup.ts';

const CANARY = 'canary-5f1c';

afterEach(async () => {
  vi.unstubAllEnvs();
  await cleanUp();
});

describe('a secret', () => {
  const secret = new Secret(CANARY);

  it.each([
    ['a template', () => `${secret}`],
    ['String', () => String(secret)],
    ['JSON', () => JSON.stringify({ deep: [secret] })],
    ['YAML', () => stringify({ deep: [secret] })],
    ['inspect, and so console.log', () => inspect({ deep: [secret] }, { depth: 9, showHidden: true })],
    ['an error message', () => new Error(`bad ${secret}`).message],
  ])('shows as <secret> in %s', (_name, show) => {
    expect(show()).toContain('<secret>');
    expect(show()).not.toContain(CANARY);
  });

  it('does not travel where private fields are lost', () => {
    expect(JSON.stringify(structuredClone({ secret }))).not.toContain(CANARY);
  });

  it('reveals itself when asked to', () => {
    expect(secret.reveal()).toBe(CANARY);
  });
});

describe('a secret from elsewhere', () => {
  it('comes from a file, without the newline that editors add, and is read anew each time', async () => {
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, `${CANARY}\n`);
    expect((await readSecret({ file })).reveal()).toBe(CANARY);
    writeFileSync(file, 'another');
    expect((await readSecret({ file })).reveal()).toBe('another');
  });

  it('comes from the environment', async () => {
    vi.stubEnv('SOME_TOKEN', CANARY);
    expect((await readSecret({ env: 'SOME_TOKEN' })).reveal()).toBe(CANARY);
  });

  it.each([
    ['a file that is not there', { file: '/nowhere/token' }, '/nowhere/token: no such file'],
    ['a device', { file: '/dev/zero' }, '/dev/zero: is no small file'],
    ['a folder', { file: '/tmp' }, '/tmp: is no small file'],
    ['a variable that is not set', { env: 'GTOP_TEST_UNSET' }, 'the environment variable GTOP_TEST_UNSET is not set'],
  ])('is missing: %s', async (_name, source, message) => {
    await expect(readSecret(source)).rejects.toThrow(message);
  });

  it('is missing: an empty file', async () => {
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, '\n');
    await expect(readSecret({ file })).rejects.toThrow(`${file}: is empty`);
  });
});
