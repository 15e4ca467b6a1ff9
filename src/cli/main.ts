/** The program: reads the command line, runs the command, turns errors into one line and an exit code. */
import { writeSync } from 'node:fs';
import { reason, resolveSettings } from './config.ts';
import type { Context, Scripts } from './context.ts';
import { ReportedError } from './errors.ts';
import { type Invocation, parseCommandLine } from './program.ts';

type Command = (context: Context) => Promise<number>;

/** Commands are loaded when they run: `--once` never pays for Ink. */
const COMMANDS: Readonly<Record<Invocation['command'], () => Promise<{ default: Command }>>> = {
  top: () => import('./commands/top.ts'),
  demo: () => import('./commands/demo.ts'),
  stream: () => import('./commands/stream.ts'),
  report: () => import('./commands/report.ts'),
  replay: () => import('./commands/replay.ts'),
  completion: () => import('./commands/completion.ts'),
  check: () => import('./commands/check.ts'),
  doctor: () => import('./commands/doctor.ts'),
  rules: () => import('./commands/rules.ts'),
  serve: () => import('./commands/serve.ts'),
  notify: () => import('./commands/notify.ts'),
};

async function run(argv: readonly string[], scripts: Scripts): Promise<number> {
  const invocation = parseCommandLine(argv);
  if ('print' in invocation) {
    process.stdout.write(invocation.print);
    return 0;
  }
  const settings = await resolveSettings(invocation.flags, process.env);
  if (invocation.flags.printConfig) {
    const { printSettings } = await import('./print-config.ts');
    process.stdout.write(await printSettings(settings));
    return 0;
  }
  const command = await COMMANDS[invocation.command]();
  return command.default({ settings, flags: invocation.flags, scripts });
}

/** A closed pipe on standard output (`gtop --once | head`) is no error. */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    writeSync(2, `gtop: standard output: ${reason(error)}\n`);
    process.exit(1);
  });
}

export async function main(argv: readonly string[], scripts: Scripts): Promise<void> {
  endQuietlyOnClosedPipe();
  try {
    process.exitCode = await run(argv, scripts);
  } catch (error) {
    const { visible } = await import('../text/visible.ts');
    const message = error instanceof Error ? error.message : String(error);
    if (argv[0] === 'check') {
      // A plug-in says everything on standard output, and any error of its own is unknown, never critical.
      const { noAnswer } = await import('./check/answer.ts');
      const { line, exitCode } = noAnswer(message);
      process.stdout.write(`${line}\n`);
      process.exitCode = exitCode;
      return;
    }
    const usage = error instanceof ReportedError && error.exitCode === 2;
    writeSync(2, `gtop: ${visible(message)}${usage ? ' (try gtop --help)' : ''}\n`);
    process.exitCode = error instanceof ReportedError ? error.exitCode : 1;
  }
}
