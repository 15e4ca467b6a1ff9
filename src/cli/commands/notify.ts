/** `gtop notify test`: one marked notice through every channel, and how each went. */
import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { notifyWarnings, sendTestNotices, type TestResult } from '../../alerts/notices/index.ts';
import { visible } from '../../text/visible.ts';
import { defaultConfigPaths } from '../config.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';

export default async function notify({ settings }: Context): Promise<number> {
  const { notify: channels, configFile } = settings;
  if (Object.keys(channels).length === 0) {
    const file = configFile ?? defaultConfigPaths(process.env)[0];
    throw usageError(`no channel is configured: name one in the notify section of ${file}`);
  }
  for (const warning of notifyWarnings(channels, configFile ?? '')) writeSync(2, `gtop: ${visible(warning)}\n`);
  let exitCode = 0;
  await sendTestNotices(channels, hostname(), Date.now(), (result) => {
    if (!result.outcome.ok) exitCode = 1;
    process.stdout.write(`${visible(lineOf(result))}\n`);
  });
  return exitCode;
}

function lineOf({ name, type, outcome, seconds }: TestResult): string {
  if (!outcome.ok) return `${name} (${type}): failed: ${outcome.error}`;
  const remark = outcome.remark === undefined ? '' : `, but ${outcome.remark}`;
  return `${name} (${type}): sent in ${seconds.toFixed(2)} s${remark}`;
}
