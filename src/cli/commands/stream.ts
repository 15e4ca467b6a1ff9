/** `gtop stream`: every line of the logs as one JSON object on standard output, through every rotation. */
import { compileFilter } from '../../filter/index.ts';
import { createRouter } from '../../model/routes.ts';
import { filtered, LineWriter, readStateFile, STREAM_FORMATS, type StreamPrinter } from '../../output/stream/index.ts';
import { resolvePidTarget } from '../../sources/gunicorn/index.ts';
import { reason } from '../config.ts';
import type { Context } from '../context.ts';
import { runtimeError, usageError } from '../errors.ts';
import { momentMs } from '../moment.ts';
import { Keeper } from '../stream/keeper.ts';
import { openLogs, type Places, placesFromJson, type StreamOrder } from '../stream/open.ts';
import { runStream } from '../stream/run.ts';
import { Stop, type StopSignal } from '../stream/stop.ts';
import { engineConfig } from '../targets.ts';

/** Lines that standard input may bring before the loop turns to them. */
const MOST_WAITING_LINES = 5_000;

const EXIT_CODES: Readonly<Partial<Record<StopSignal, number>>> = { SIGINT: 130, SIGTERM: 143 };

async function orderOf({ settings, flags }: Context, pace: StreamOrder['pace']): Promise<StreamOrder> {
  const { accessLogs, errorLogs, appLogs, logFormat, untilMs } = await engineConfig(settings, true);
  if (accessLogs.length + errorLogs.length + appLogs.length === 0) {
    // A pid file that is not there yet could be waited for, but not without a log.
    const target = settings.pid[0] === undefined ? null : resolvePidTarget(settings.pid[0]);
    if (target?.ok === false) throw runtimeError(target.message);
    throw usageError('nothing to stream: name a log with --log, --error-log or --app-log');
  }
  const { fromStart, follow } = settings;
  return {
    logs: { access: accessLogs, error: errorLogs, app: appLogs },
    names: { access: settings.log, error: settings.errorLog, app: settings.appLog },
    logFormat,
    fromStart,
    sinceMs: momentMs(settings.since, settings.tz),
    untilMs,
    pace,
    follow,
    raw: flags.raw === true,
  };
}

function readPlaces(path: string): Places {
  try {
    return placesFromJson(readStateFile(path));
  } catch (error) {
    const isDamaged = error instanceof TypeError || error instanceof SyntaxError;
    throw runtimeError(`${path}: ${isDamaged ? 'damaged: delete it to begin anew' : reason(error)}`);
  }
}

function printerOf({ flags, settings }: Context, formatName: string): StreamPrinter {
  const format = STREAM_FORMATS[formatName]({ raw: flags.raw === true });
  if (settings.filter === null) return format;
  return filtered(format, compileFilter(settings.filter, { zone: settings.tz, route: createRouter(settings) }));
}

export default async function stream(context: Context): Promise<number> {
  const { flags, settings } = context;
  const formatName = String(flags.format ?? 'ndjson');
  if (!Object.hasOwn(STREAM_FORMATS, formatName)) {
    throw usageError(`--format '${formatName}' must be one of ${Object.keys(STREAM_FORMATS).join(', ')}`);
  }
  const stateFile = typeof flags.state === 'string' ? flags.state : null;
  if (stateFile !== null && settings.follow === 'tail') {
    throw usageError("--state needs --follow generations: the package 'tail' does not tell where it stands");
  }
  const writer = new LineWriter(process.stdout);
  const order = await orderOf(context, () => writer.flush());
  const places = stateFile === null ? new Map() : readPlaces(stateFile);

  const stop = new Stop();
  const logs = await openLogs(order, places, printerOf(context, formatName), (line) => {
    writer.add(line);
    if (writer.waitingLines >= MOST_WAITING_LINES) stop.wake();
  });

  let keeper: Keeper | null = null;
  const saveAtExit = (): void => keeper?.save();
  // Also when the reader has gone and the process ends at once.
  process.on('exit', saveAtExit);
  try {
    keeper = stateFile === null ? null : new Keeper(stateFile, logs.all);
    await runStream({ logs, writer, stop, keeper });
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return 0;
    throw syscall === 'write' ? runtimeError(`standard output: ${reason(error)}`) : error;
  } finally {
    saveAtExit();
    process.off('exit', saveAtExit);
    for (const { source } of logs.all) source.close();
    stop.release();
  }
  return endWith(stop.signal, writer.isBusy);
}

/** @param isCut the reader did not take everything: the process would wait for it for ever. */
function endWith(signal: StopSignal | null, isCut: boolean): number {
  if (signal === null) return 0;
  const code = EXIT_CODES[signal];
  if (code === undefined) process.kill(process.pid, signal);
  else if (isCut) process.exit(code);
  return code ?? 1;
}
