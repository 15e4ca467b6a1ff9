import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dedupePaths, sameFile } from '../../../../src/sources/follow/same-file.ts';
import { scene } from './scene.ts';

describe('35: the same file given twice', () => {
  it('is found by spelling, symbolic link and hard link', () => {
    const { folder, path } = scene();
    writeFileSync(path, '');
    writeFileSync(join(folder, 'other.log'), '');
    symlinkSync('access.log', join(folder, 'link'));
    linkSync(path, join(folder, 'hard'));
    const spelled = `${folder}/./access.log`;
    expect(dedupePaths([path, spelled, join(folder, 'link'), join(folder, 'hard'), join(folder, 'other.log')])).toEqual(
      [path, join(folder, 'other.log')],
    );
    expect(sameFile(path, join(folder, 'other.log'))).toBe(false);
  });

  it('is found before the file is there, through a link to its folder', () => {
    const { folder } = scene();
    mkdirSync(join(folder, 'logs'));
    symlinkSync('logs', join(folder, 'current'));
    expect(sameFile(join(folder, 'logs/access.log'), join(folder, 'current/access.log'))).toBe(true);
    expect(sameFile(join(folder, 'none/access.log'), join(folder, 'none/../none/access.log'))).toBe(true);
    expect(sameFile(join(folder, 'logs/a.log'), join(folder, 'logs/b.log'))).toBe(false);
  });

  it('is found before the file is there, through links to where it will be', () => {
    const { folder, path } = scene();
    symlinkSync('access.log', join(folder, 'link'));
    symlinkSync(join(folder, 'link'), join(folder, 'far'));
    symlinkSync('later', join(folder, 'current'));
    expect(dedupePaths([path, join(folder, 'link'), join(folder, 'far')])).toEqual([path]);
    expect(sameFile(join(folder, 'later/access.log'), join(folder, 'current/access.log'))).toBe(true);
    expect(sameFile(join(folder, 'link'), join(folder, 'other.log'))).toBe(false);
  });

  it('is looked for in bounded time, however the links go round', () => {
    const { folder } = scene();
    symlinkSync('round/round', join(folder, 'round'));
    expect(sameFile(join(folder, 'round'), join(folder, 'other.log'))).toBe(false);
  });

  it('takes - for standard input', () => {
    expect(dedupePaths(['-', 'a.log', '-'])).toEqual(['-', 'a.log']);
  });

  it('shows while it is followed: two followers name the same open file', () => {
    const log = scene();
    log.add(1);
    log.step();
    const twin = scene();
    symlinkSync(log.path, twin.path);
    twin.step();
    expect(twin.follower.openFiles).toEqual(log.follower.openFiles);
  });
});
