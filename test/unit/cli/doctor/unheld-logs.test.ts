import { closeSync, openSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { unheldLogs } from '../../../../src/cli/doctor/unheld-logs.ts';
import { openLogFiles } from '../../../../src/sources/gunicorn/index.ts';
import { cleanUp, temporaryFolder } from '../../../support/cleanup.ts';

afterEach(cleanUp);

/** This process writes a log, as Gunicorn does; `then` is what happens to the file. */
function held(then: (log: string) => void): { readonly log: string; readonly found: readonly unknown[] } {
  const log = join(temporaryFolder(), 'access.log');
  const fd = openSync(log, 'a');
  try {
    then(log);
    return { log, found: unheldLogs([log, '-'], openLogFiles(process.pid)) };
  } finally {
    closeSync(fd);
  }
}

describe('a log that Gunicorn', () => {
  it('holds is none of these', () => {
    expect(held(() => {}).found).toEqual([]);
  });

  it('goes on writing under another name was rotated and not reopened', () => {
    const moved = held((log) => {
      renameSync(log, `${log}.1`);
      writeFileSync(log, '');
    });
    expect(moved.found).toEqual([{ path: moved.log, writesTo: `${moved.log}.1` }]);
    const deleted = held(unlinkSync);
    expect(deleted.found).toEqual([{ path: deleted.log, writesTo: `${deleted.log} (deleted)` }]);
  });

  it('does not hold is written by nobody, unless it is fresh', () => {
    const other = join(temporaryFolder(), 'other.log');
    const open = openLogFiles(process.pid);
    expect(unheldLogs([other], open)).toEqual([{ path: other, writesTo: null }]);
    writeFileSync(other, '');
    expect(unheldLogs([other], open)).toEqual([{ path: other, writesTo: null }]);
    writeFileSync(other, 'a line of syslog\n');
    expect(unheldLogs([other], open)).toEqual([]);
    utimesSync(other, new Date(), new Date(statSync(other).mtimeMs - 120_000));
    expect(unheldLogs([other], open)).toEqual([{ path: other, writesTo: null }]);
  });

  it('may not be looked at is not known of', () => {
    expect(unheldLogs(['/nowhere.log'], null)).toEqual([]);
  });
});
