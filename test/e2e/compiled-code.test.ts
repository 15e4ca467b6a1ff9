import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { gtopCommand } from '../support/cli.ts';
import { Pty } from '../support/pty.ts';
import { until } from '../support/wait.ts';

afterAll(cleanUp);

/** Longer than a program that finds its compiled code refused takes to write it anew. */
const SETTLED_MS = 3000;

it('is kept by the first start, and taken by the next: V8 refuses what was made with other flags', async () => {
  const cache = temporaryFolder();
  const log = join(temporaryFolder(), 'access.log');
  writeFileSync(log, '');
  const open = () => new Pty(gtopCommand(['--no-config', '--log', log]), { env: { XDG_CACHE_HOME: cache } });
  const kept = () => {
    try {
      const folder = join(cache, 'gtop');
      const names = readdirSync(folder).filter((name) => /^(engine|main)-[^.]*v[\d.]+-\w+$/.test(name));
      return names.sort().map((name) => `${name} ${statSync(join(folder, name)).ino}`);
    } catch {
      return [];
    }
  };
  const first = open();
  const before = await until('both threads have kept their code', () => kept().length === 2 && kept());
  first.kill('SIGTERM');
  await first.exited;
  const second = open();
  await second.waitFor(() => second.text().includes('1 Traffic'));
  await sleep(SETTLED_MS);
  expect(kept()).toEqual(before);
});
