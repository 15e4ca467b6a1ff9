/** A program of the user's own: an argument vector, never a shell; the alerts come on its standard input. */
import type { ChildProcess } from 'node:child_process';
import * as v from 'valibot';
import { visible } from '../../../text/visible.ts';
import type { Batch } from '../alert.ts';
import { type Channel, failed, type Outcome, refused, SENT } from '../channel.ts';
import { HIDDEN, Secret } from '../secret.ts';
import { channelSchema } from '../settings.ts';
import { sayError } from '../trouble.ts';
import { webhookBody } from './webhook.ts';

const COMPLAINT = 'must be a list: the program and its arguments';

/** A token among arguments looks like any other, `--token=…` or a script that holds it: all are treated as secrets. */
const argument = v.pipe(
  v.union([v.string(), v.instance(Secret)], COMPLAINT),
  v.transform((input) => (typeof input === 'string' ? new Secret(input) : input)),
);

export const schema = channelSchema('command', {
  command: v.tupleWithRest([v.string(COMPLAINT)], argument, COMPLAINT),
});

/** `EX_TEMPFAIL` of sysexits(3): try again later. */
const TRY_LATER = 75;

/** Of what the program complains about, this much is read. */
const MAX_COMPLAINT = 200;

/** @param hiddenVariables environment variables that hold secrets of gtop: no business of the program's. */
export function create(
  name: string,
  config: v.InferOutput<typeof schema>,
  hiddenVariables: ReadonlySet<string> = new Set(),
): Channel {
  return {
    name,
    type: config.type,
    maxAlerts: 100,
    send: (batch, signal) => run(config.command, batch, signal, hiddenVariables),
  };
}

async function run(
  [program, ...secrets]: v.InferOutput<typeof schema>['command'],
  batch: Batch,
  signal: AbortSignal,
  hiddenVariables: ReadonlySet<string>,
): Promise<Outcome> {
  const { spawn } = await import('node:child_process');
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !hiddenVariables.has(key)));
  const args = secrets.map((each) => each.reveal());
  return new Promise((resolve) => {
    // A process group of its own: at the time limit its children end with it.
    const child = spawn(program, args, { env, shell: false, detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
    const stop = (): void => endGroup(child);
    signal.addEventListener('abort', stop, { once: true });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < MAX_COMPLAINT) complaint += chunk.toString();
    });
    const done = (outcome: Outcome): void => {
      signal.removeEventListener('abort', stop);
      resolve(outcome);
    };
    // Nothing has run: trying again cannot do anything twice.
    child.on('error', (error) => done(failed(`${visible(program)}: ${sayError(error)}`)));
    child.on('exit', (code, endedBy) => {
      // Whatever it left running keeps the pipe: nothing more is read from it.
      child.stderr.destroy();
      if (code === 0) return done(SENT);
      if (signal.aborted) return done(refused('ran into its time limit and was ended'));
      const how = code === null ? `was ended by ${endedBy}` : `exits with ${code}`;
      const [firstLine = ''] = withoutArguments(complaint, args).trim().split('\n');
      const error = firstLine === '' ? how : `${how}: ${visible(firstLine.slice(0, MAX_COMPLAINT))}`;
      // It may have done its work all the same: only the code that says so asks for another run.
      done(code === TRY_LATER ? failed(error) : refused(error));
    });
    // It need not read what it gets.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(webhookBody(batch)));
  });
}

/** Shorter texts are no secrets, and stand in any sentence. */
const LEAST_SECRET = 6;

/** A complaint without the arguments that it quotes, whole or what stands behind a `=`. */
function withoutArguments(complaint: string, args: readonly string[]): string {
  const quotable = args.flatMap((each) => [each, each.slice(each.indexOf('=') + 1)]);
  return quotable
    .filter((each) => each.length >= LEAST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((text, each) => text.replaceAll(each, HIDDEN), complaint);
}

function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended a moment ago.
  }
}
