import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heartbeatFolder } from '../../../../src/sources/gunicorn/heartbeat-folder.ts';
import { temporaryFolder } from '../../../support/cleanup.ts';

it('is where the files that a master holds are, though they were deleted at once', () => {
  expect(heartbeatFolder(process.pid)).toBeNull();
  const folder = temporaryFolder();
  const path = join(folder, 'wgunicorn-x1y2');
  const fd = openSync(path, 'w');
  try {
    rmSync(path);
    expect(heartbeatFolder(process.pid)).toBe(folder);
  } finally {
    closeSync(fd);
  }
});
