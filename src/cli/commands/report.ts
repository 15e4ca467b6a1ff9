/** `gtop report FILE…`: the figures of whole access logs. */
import { writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Ingest } from '../../model/snapshot.ts';
import { formOf, type TextOptions, writeReport } from '../../output/report/index.ts';
import { writeFileWhole } from '../../output/write-file.ts';
import { Accumulator, type AccumulatorOptions, finishReport } from '../../report/index.ts';
import { Batch, NotAFileError, type Part } from '../../sources/batch/index.ts';
import { sameFile } from '../../sources/follow/index.ts';
import { visible } from '../../text/visible.ts';
import { camelCase, check, reason } from '../config.ts';
import type { Context } from '../context.ts';
import { runtimeError, usageError } from '../errors.ts';
import { type Moment, parseMoment } from '../moment.ts';
import { REPORT_OPTIONS } from '../options.ts';
import { Progress } from '../progress.ts';
import { readElsewhere } from '../report/part.ts';
import { VERSION } from '../version.ts';

interface Order {
  readonly format?: string;
  readonly output: string;
  readonly maxLines?: number;
  readonly since?: string;
  readonly until?: string;
  readonly slow: number;
  readonly top: number;
}

const DEFAULTS = { output: '-', slow: 1, top: 10 };
const STANDARD_OUTPUT = ['-', '/dev/stdout'];
/** Where no terminal tells its width. */
const WIDTH = 100;
/** As the umask says. */
const MODE = 0o666;

function orderOf(flags: Context['flags']): Order {
  const given = REPORT_OPTIONS.filter(({ key }) => flags[camelCase(key)] !== undefined);
  const values = given.map((spec) => {
    const name = camelCase(spec.key);
    return [name, check(spec, flags[name], `--${spec.key}`)] as const;
  });
  return { ...DEFAULTS, ...Object.fromEntries(values) };
}

const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);

/** The logs of which no line fits, each in words. */
const unreadable = ({ sources }: Ingest): readonly string[] =>
  sources
    .filter(({ state, message, linesParsed }) => state !== 'failed' && message !== null && linesParsed === 0)
    .map(({ path, message }) => `${nameOf(path)}: ${message}: give Gunicorn's access_log_format by --log-format`);

/** What is wrong with a file, in words. */
function troubleOf(error: unknown): string {
  if (error instanceof NotAFileError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'the gzip file is cut off: what comes before counts';
  if (code?.startsWith('Z_')) return 'the gzip file is damaged: what comes before counts';
  return reason(error);
}

export default async function report({ settings, flags, scripts }: Context): Promise<number> {
  const order = orderOf(flags);
  const paths = (flags.files as readonly string[]).map(String);
  if (paths.includes('')) throw usageError('a FILE must not be empty');
  if (!STANDARD_OUTPUT.includes(order.output) && paths.some((path) => sameFile(path, order.output))) {
    throw usageError(`--output '${order.output}' is one of the logs: name another file`);
  }
  const moments = [order.since, order.until].map((text) =>
    text === undefined ? null : parseMoment(text, settings.tz),
  );
  const isRelative = moments.some((moment) => moment !== null && 'agoSeconds' in moment);

  const troubles: string[] = [];
  const progress = new Progress();
  const batch = await Batch.open({
    paths,
    format: settings.logFormat,
    readsTwice: isRelative || order.maxLines !== undefined,
    onTrouble(path, error) {
      const trouble = troubleOf(error);
      troubles.push(`${nameOf(path)}: ${trouble}`);
      return trouble;
    },
  });
  if (batch.size === 0) throw runtimeError(troubles.join('; '));

  const newestMs = isRelative ? await batch.newestMs() : Number.NaN;
  const [sinceMs, untilMs] = moments.map((moment, index) => resolve(moment, newestMs) ?? UNBOUNDED[index]);
  if (sinceMs > untilMs) {
    throw usageError(`--since '${order.since}' is later than --until '${order.until}': nothing lies between`);
  }
  const timeZone = settings.tz === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const options: AccumulatorOptions = {
    noRoutes: settings.noRoutes,
    routes: settings.routes,
    slowSeconds: order.slow,
    top: order.top,
    sinceMs,
    untilMs,
    filter: settings.filter,
    zone: settings.tz,
  };
  const figures = new Accumulator(options);
  const { sizeBytes } = batch;
  const ingest = await batch.read({
    maxLines: order.maxLines ?? null,
    onRecord: (record) => figures.add(record),
    ...(availableParallelism() > 1
      ? { readElsewhere: (part: Part) => readElsewhere(part, options, figures, scripts.reportPart) }
      : {}),
    onProgress: (bytes) => progress.show(bytes, sizeBytes, figures.requestsTotal),
  });
  progress.clear();
  for (const trouble of [...troubles, ...unreadable(ingest)]) writeSync(2, `gtop: ${visible(trouble)}\n`);

  const finished = finishReport(figures, {
    version: VERSION,
    nowMs: Date.now(),
    timeZone,
    slowSeconds: order.slow,
    top: order.top,
    sinceMs,
    untilMs,
    filter: settings.filter,
    ingest,
  });
  const form = order.format ?? formOf(order.output);
  await deliver(order.output, writeReport(finished, form, { ...look(settings.ascii), timeZone }));
  return troubles.length > 0 ? 1 : 0;
}

const UNBOUNDED = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** A duration counts back from the newest line: the log's clock, not ours. Null without either. */
function resolve(moment: Moment | null, newestMs: number): number | null {
  if (moment === null) return null;
  if ('atMs' in moment) return moment.atMs;
  return Number.isNaN(newestMs) ? null : newestMs - moment.agoSeconds * 1000;
}

const look = (ascii: boolean): Omit<TextOptions, 'timeZone'> => ({ width: process.stdout.columns ?? WIDTH, ascii });

async function deliver(output: string, text: string): Promise<void> {
  if (STANDARD_OUTPUT.includes(output)) {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFileWhole(output, text, MODE);
  } catch (error) {
    throw runtimeError(`${output}: ${reason(error)}`);
  }
}
