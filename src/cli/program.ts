/** The command line as commander sees it, built from the table of options. */
import { existsSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import type { CompletionRow } from './commands/completion.ts';
import { closest } from './config.ts';
import { usageError } from './errors.ts';
import { OPTIONS, type OptionSpec, REPORT_OPTIONS } from './options.ts';
import { VERSION } from './version.ts';

/** What was asked for: the command and its raw flags, still unchecked. */
export interface Invocation {
  readonly command:
    | 'top'
    | 'demo'
    | 'stream'
    | 'report'
    | 'serve'
    | 'notify'
    | 'replay'
    | 'completion'
    | 'check'
    | 'doctor'
    | 'rules';
  readonly flags: Readonly<Record<string, unknown>>;
}

function toOption(spec: OptionSpec): Option {
  const name = spec.short ? `-${spec.short}, --${spec.key}` : `--${spec.key}`;
  const option = new Option(spec.value ? `${name} <${spec.value}>` : name, spec.description);
  if (spec.repeatable) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

function addConfigOptions(command: Command): Command {
  return command
    .option('-c, --config <FILE>', 'config file ($XDG_CONFIG_HOME/gtop/config.yaml, /etc/gtop/config.yaml)')
    .option('--no-config', 'read no config file')
    .option('--print-config', 'print the settings in force and exit');
}

/** A report reads to the end and stops: of the common options only these mean something to it. */
const OPTIONS_OF_REPORT = ['log-format', 'filter', 'no-routes', 'ascii', 'tz'];

/** Rules are checked over what gtop measures; a backtest reads past logs. */
const OPTIONS_OF_RULES = ['error-log', 'log-format', 'no-routes', 'tz'];

const EXAMPLES = `
Examples:
  gtop --pid /var/run/gunicorn.pid --log access.log --error-log error.log
  journalctl -fu gunicorn -o cat | gtop --log -
  gtop --once --json --log access.log | jq .latency
  gtop report access.log access.log.1.gz -o report.html
  gtop demo

Keys on the screen: ? shows them all, q quits.`;

const NAMED_BY_LOG = 'a log is named by --log FILE';

/** Whether a file was probably named as `gtop report` takes it, to a command that has `--log` instead. */
const wantsLog = (program: Command, { code, message }: CommanderError): boolean =>
  code === 'commander.excessArguments' &&
  program.commands.some((command) => message.includes(`'${command.name()}'`) && hasLog(command));

const hasLog = ({ options }: Command): boolean => options.some(({ long }) => long === '--log');

/** Commander's complaint as one line: `unknown option '--widnow', did you mean --window?`. */
const oneLine = (message: string): string =>
  message
    .replace(/^error: /, '')
    .replace(/\s*\(Did you mean (?:one of )?(.+?)\?\)\s*$/s, ', did you mean $1?')
    .replace(/\s+/g, ' ')
    .trim();

/** `--no-routes` reaches us as `routes: false`, commander's way with `no-`. */
function withNegations({ routes, ...flags }: Record<string, unknown>): Record<string, unknown> {
  return routes === false ? { ...flags, noRoutes: true } : flags;
}

/** The commands with their flags, as the shells are told of them. */
const completionTable = (program: Command): readonly CompletionRow[] =>
  [program, ...program.commands].map((command) => ({
    command: command === program ? '' : command.name(),
    description: command.description(),
    flags: command.options.flatMap(({ long, description, required, optional }) =>
      long ? [{ flag: long, description, takesValue: required || optional }] : [],
    ),
  }));

/**
 * Reads the command line.
 * @returns the invocation, or the text to print for `--help` and `--version`.
 * @throws ReportedError (exit code 2) for wrong usage.
 */
export function parseCommandLine(argv: readonly string[]): Invocation | { readonly print: string } {
  let invocation: Invocation | null = null;
  let printed = '';
  const program = new Command('gtop');
  const quiet = (command: Command): Command =>
    command
      .exitOverride()
      .configureOutput({
        writeOut: (text) => {
          printed += text;
        },
        writeErr: () => {},
        getOutHelpWidth: () => 100,
      })
      .helpOption('-h, --help', 'show this help');

  quiet(program)
    .description('The top(1) of Gunicorn: what the service does, how it suffers, and who is to blame')
    .usage('[options] [command]')
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .argument('[words...]');
  for (const spec of OPTIONS) program.addOption(toOption(spec));
  program
    .option('--once', 'print one sample and exit; also what happens when standard output is not a terminal')
    .option('--json', 'with --once: print the snapshot as JSON, one object a line')
    .option('-n, --count <N>', 'with --once: N samples, one per delay');
  addConfigOptions(program);
  program.action((words: string[], flags: Record<string, unknown>) => {
    if (words[0] !== undefined) {
      const meant = closest(words[0], [
        'demo',
        'stream',
        'report',
        'serve',
        'notify',
        'replay',
        'completion',
        'check',
        'doctor',
        'rules',
      ]);
      if (meant === null && existsSync(words[0])) throw usageError(`'${words[0]}' is no command: ${NAMED_BY_LOG}`);
      throw usageError(`unknown command '${words[0]}'${meant ? `, did you mean '${meant}'?` : ''}`);
    }
    invocation = { command: 'top', flags: withNegations(flags) };
  });

  const demo = quiet(program.command('demo')).description(
    'the dashboard on a built-in Gunicorn look-alike with a scripted incident',
  );
  for (const spec of OPTIONS.filter((option) => option.display)) demo.addOption(toOption(spec));
  addConfigOptions(demo);
  demo.action((_flags, command: Command) => {
    invocation = { command: 'demo', flags: withNegations(command.optsWithGlobals()) };
  });

  const stream = quiet(program.command('stream')).description(
    'every parsed line as one JSON object on standard output, for jq, Filebeat, Vector, Logstash',
  );
  for (const spec of OPTIONS.filter((option) => !option.display)) stream.addOption(toOption(spec));
  stream
    .option('--format <FORM>', 'ndjson, or ecs: the Elastic Common Schema (ndjson)')
    .option('--raw', 'add each line as it stands in the log')
    .option('--state <FILE>', 'remember the place in FILE: the next run goes on there');
  addConfigOptions(stream);
  stream.action((_flags, command: Command) => {
    invocation = { command: 'stream', flags: withNegations(command.optsWithGlobals()) };
  });

  const serve = quiet(program.command('serve')).description(
    'no screen: /metrics for Prometheus, /healthz, /snapshot?window=1m, alerts and notices; SIGHUP reloads the config',
  );
  // What it serves is never filtered: metrics and alerts are of everything.
  for (const spec of OPTIONS.filter(({ key, display }) => !display && key !== 'filter'))
    serve.addOption(toOption(spec));
  addConfigOptions(serve);
  serve.action((_flags, command: Command) => {
    invocation = { command: 'serve', flags: withNegations(command.optsWithGlobals()) };
  });

  const report = quiet(program.command('report')).description(
    'the figures of whole access logs, plain or .gz, as text, JSON, CSV, Markdown or HTML',
  );
  report.argument('<FILE...>', 'access logs; - is standard input');
  for (const spec of REPORT_OPTIONS) report.addOption(toOption(spec));
  for (const spec of OPTIONS.filter(({ key }) => OPTIONS_OF_REPORT.includes(key))) report.addOption(toOption(spec));
  addConfigOptions(report);
  report.action((files: string[], _flags, command: Command) => {
    invocation = { command: 'report', flags: { ...withNegations(command.optsWithGlobals()), files } };
  });

  const replay = quiet(program.command('replay')).description('the dashboard over past logs, plain or .gz');
  replay
    .argument('<FILE...>', 'access logs')
    .option('--speed <N>', 'so many seconds of the log in one: 20x (1x)')
    .option('--from <TIME>', 'begin there; what lies before fills the past');
  const forReplay = ['error-log', 'log-format', 'window', 'delay', 'no-routes'];
  for (const spec of OPTIONS.filter(({ key, display }) => display || forReplay.includes(key))) {
    replay.addOption(toOption(spec));
  }
  addConfigOptions(replay);
  replay.action((files: string[], _flags, command: Command) => {
    invocation = { command: 'replay', flags: { ...withNegations(command.optsWithGlobals()), files } };
  });

  const repeatable = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];
  const check = quiet(program.command('check')).description(
    'one verdict in one line for Nagios and scripts: exit code 0 ok, 1 warning, 2 critical, 3 unknown',
  );
  for (const spec of OPTIONS.filter((option) => !option.display)) check.addOption(toOption(spec));
  check
    .option('--warning <LIMIT>', 'a limit of your own: error_rate>1%; repeatable', repeatable)
    .option('--critical <LIMIT>', 'likewise: p95_response_time>0.5', repeatable);
  addConfigOptions(check);
  check.action((_flags, command: Command) => {
    invocation = { command: 'check', flags: withNegations(command.optsWithGlobals()) };
  });

  const doctor = quiet(program.command('doctor')).description(
    'what of this Gunicorn’s set-up hides information or invites trouble, each with the setting to change',
  );
  for (const spec of OPTIONS.filter((option) => !option.display)) doctor.addOption(toOption(spec));
  doctor.option('--json', 'the findings as JSON');
  addConfigOptions(doctor);
  doctor.action((_flags, command: Command) => {
    invocation = { command: 'doctor', flags: withNegations(command.optsWithGlobals()) };
  });

  const rules = quiet(program.command('rules')).description(
    'check: are these rules in order, and can they fire; backtest: when would they have fired over past logs',
  );
  rules.argument('<check|backtest>').argument('<FILE...>', 'rule files; for backtest one, and access logs behind it');
  for (const spec of OPTIONS.filter(({ key }) => OPTIONS_OF_RULES.includes(key))) rules.addOption(toOption(spec));
  rules.option('--json', 'the answer as JSON');
  addConfigOptions(rules);
  rules.action((task: string, files: string[], _flags, command: Command) => {
    invocation = { command: 'rules', flags: { ...withNegations(command.optsWithGlobals()), task, files } };
  });

  const completion = quiet(program.command('completion')).description('completions for a shell: bash, zsh or fish');
  completion.argument('<SHELL>');
  completion.action((shell: string) => {
    invocation = { command: 'completion', flags: { shell, commands: completionTable(program) } };
  });

  const notify = quiet(program.command('notify')).description(
    'send one marked test notice through every configured channel and say how each went',
  );
  notify.argument('<test>');
  addConfigOptions(notify);
  notify.action((word: string, _flags, command: Command) => {
    if (word !== 'test') throw usageError(`unknown command 'notify ${word}', did you mean 'notify test'?`);
    invocation = { command: 'notify', flags: withNegations(command.optsWithGlobals()) };
  });

  // The hidden argument must not show in the help: it only catches unknown commands.
  program.configureHelp({ visibleArguments: () => [] });

  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return { print: printed };
      throw usageError(
        wantsLog(program, error)
          ? `${oneLine(error.message).replace(/\.$/, '')}: ${NAMED_BY_LOG}`
          : oneLine(error.message),
      );
    }
    throw error;
  }
  return invocation ?? { print: printed };
}
