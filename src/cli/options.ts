/**
 * The table of options. One row makes a flag, an environment variable (`GTOP_LOG_FORMAT`) and a key of the config
 * file (`log-format`), all checked by the same schema.
 */
import * as v from 'valibot';
import { filterComplaint } from '../filter/index.ts';
import { parseListenAddress } from '../output/prometheus/address.ts';
import { parseFormat } from '../sources/access-log/index.ts';
import { parseDurationSeconds } from './duration.ts';
import { parseMoment } from './moment.ts';

export interface OptionSpec {
  /** Key in the config file; the flag is `--<key>`, the environment variable `GTOP_<KEY>`. */
  readonly key: string;
  readonly short?: string;
  /** What the value is called in the help; absent for a switch. */
  readonly value?: string;
  readonly description: string;
  readonly repeatable?: boolean;
  /** About the picture, not about what is watched: `gtop demo` takes it too. */
  readonly display?: boolean;
  /** Takes the text of the flag (true for a switch) or the value in the config file. */
  readonly schema: v.GenericSchema<unknown, unknown>;
}

const text = v.pipe(
  v.union([v.string(), v.number()], 'must be text'),
  v.transform(String),
  v.nonEmpty('must not be empty'),
);

/** A pipe step that reads text by `read`, which answers with a complaint instead of a value when it cannot. */
const readAs = <T>(read: (input: string) => { value: T } | { complaint: string }) =>
  v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
    const result = read(dataset.value);
    if ('value' in result) return result.value;
    addIssue({ message: result.complaint });
    return NEVER;
  });

const duration = (leastSeconds: number, mostSeconds: number) =>
  v.pipe(
    text,
    readAs((input) => {
      const seconds = parseDurationSeconds(input);
      if (seconds === null) return { complaint: 'is not a duration: write 500ms, 1s, 5m or 1h30m' };
      if (seconds < leastSeconds) return { complaint: `must be at least ${leastSeconds}s` };
      if (seconds > mostSeconds) return { complaint: `must be at most ${mostSeconds}s` };
      return { value: seconds };
    }),
  );

const windowLength = v.pipe(
  text,
  readAs<number | null>((input) => {
    if (input === 'all') return { value: null };
    const seconds = parseDurationSeconds(input);
    if (seconds === null) return { complaint: 'is not a window: write 10s, 1m, 5m, 15m, 1h or all' };
    if (seconds < 1 || !Number.isInteger(seconds)) return { complaint: 'must be whole seconds, at least 1s' };
    if (seconds > 259_200) return { complaint: 'must be at most 3d, the longest history kept (or all)' };
    return { value: seconds };
  }),
);

const NAMED_FORMATS = ['auto', 'common', 'combined', 'json', 'uvicorn'];

const logFormat = v.pipe(
  text,
  readAs((input) => {
    if (NAMED_FORMATS.includes(input)) return { value: input };
    if (!input.includes('%')) {
      return { complaint: `is neither a Gunicorn access_log_format nor one of ${NAMED_FORMATS.join(', ')}` };
    }
    const parsed = parseFormat(input);
    return parsed.ok ? { value: input } : { complaint: `is not a Gunicorn access_log_format: ${parsed.message}` };
  }),
);

const choice = (...names: readonly string[]) =>
  v.pipe(
    text,
    readAs((input) => (names.includes(input) ? { value: input } : { complaint: `must be one of ${names.join(', ')}` })),
  );

const moment = v.pipe(
  text,
  readAs((input) =>
    parseMoment(input, 'utc') === null
      ? { complaint: 'is neither a duration (1h30m) nor a time (2026-11-21T12:00)' }
      : { value: input },
  ),
);

const listenAddress = v.pipe(
  text,
  readAs((input) =>
    parseListenAddress(input) === null
      ? { complaint: 'is not HOST:PORT: write 127.0.0.1:10913, [::1]:10913, or 0.0.0.0:10913 for every interface' }
      : { value: input },
  ),
);

const filter = v.pipe(
  text,
  readAs((input) => {
    const complaint = filterComplaint(input);
    return complaint === null ? { value: input } : { complaint };
  }),
);

const statsdAddress = v.pipe(
  text,
  readAs((input) => {
    if (input.startsWith('unix:')) return { complaint: 'cannot be a unix socket: gtop listens on UDP only' };
    return parseListenAddress(input) === null
      ? { complaint: 'is not HOST:PORT: write 127.0.0.1:8125, as in --statsd-host of Gunicorn' }
      : { value: input };
  }),
);

const count = (least: number, most: number) =>
  v.pipe(
    text,
    readAs((input) =>
      /^\d{1,9}$/.test(input) && Number(input) >= least && Number(input) <= most
        ? { value: Number(input) }
        : { complaint: `must be a whole number from ${least} to ${most}` },
    ),
  );

const onOff = v.pipe(
  v.union([v.boolean(), v.picklist(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'])], 'must be true or false'),
  v.transform((input) => input === true || ['true', '1', 'yes', 'on'].includes(String(input))),
);

export const OPTIONS: readonly OptionSpec[] = [
  {
    key: 'pid',
    short: 'p',
    value: 'FILE|PID',
    description: "the master's pid file, or its pid",
    repeatable: true,
    schema: text,
  },
  {
    key: 'log',
    short: 'l',
    value: 'FILE|-',
    description: 'access log to follow; - reads standard input',
    repeatable: true,
    schema: text,
  },
  {
    key: 'error-log',
    short: 'e',
    value: 'FILE|-',
    description: 'error log to follow: timeouts, exits, reloads',
    repeatable: true,
    schema: text,
  },
  {
    key: 'app-log',
    value: 'FILE|-',
    description: "the application's own log: JSON lines or a format of Python's logging",
    repeatable: true,
    schema: text,
  },
  {
    key: 'log-format',
    short: 'f',
    value: 'FMT',
    description: "Gunicorn's access_log_format verbatim, or auto, common, combined, json, uvicorn (auto)",
    schema: logFormat,
  },
  {
    key: 'gunicorn-config',
    value: 'FILE',
    description: 'gunicorn.conf.py whose literal assignments are read, never run: format, timeout, threads …',
    schema: text,
  },
  {
    key: 'delay',
    display: true,
    short: 'd',
    value: 'TIME',
    description: 'time between two screens (1s)',
    schema: duration(0.1, 3600),
  },
  {
    key: 'window',
    display: true,
    short: 'w',
    value: 'TIME',
    description: 'time that the figures look back on: 10s 1m 5m 15m 1h all (1m)',
    schema: windowLength,
  },
  {
    key: 'filter',
    short: 'F',
    value: 'EXPR',
    description: "only what passes: 'status>=500 and path~^/api/', or a part of the path",
    schema: filter,
  },
  {
    key: 'rules',
    value: 'FILE',
    description: 'alert rules: a rule file of Prometheus, or the classical JSON; see gtop rules check',
    repeatable: true,
    schema: text,
  },
  {
    key: 'listen',
    value: 'HOST:PORT',
    description: 'serve /metrics, /healthz and /snapshot there (gtop serve: 127.0.0.1:10913)',
    schema: listenAddress,
  },
  {
    key: 'statsd',
    value: 'HOST:PORT',
    description: 'listen there for what Gunicorn sends with --statsd-host (UDP)',
    schema: statsdAddress,
  },
  {
    key: 'metrics-alias',
    value: 'NAMES',
    description: 'http: expose http_requests_total and the like as well',
    schema: choice('http'),
  },
  {
    key: 'since',
    value: 'TIME',
    description: 'read back so far, over rotated and .gz logs too: a duration (2h), or an ISO time (15m)',
    schema: moment,
  },
  {
    key: 'until',
    value: 'TIME',
    description: 'leave out lines stamped then or later: a duration back from now, or an ISO time',
    schema: moment,
  },
  { key: 'from-start', description: 'read the named logs from their first byte', schema: onOff },
  { key: 'no-routes', description: 'show paths as they are: do not fold /users/7 to /users/{id}', schema: onOff },
  {
    key: 'follow',
    value: 'BACKEND',
    description: 'generations (loses nothing on rotation) or tail (the npm package) (generations)',
    schema: choice('generations', 'tail'),
  },
  {
    key: 'sampler',
    display: true,
    value: 'HOW',
    description: 'read processes by proc (Linux) or portable (by what the system has)',
    schema: choice('proc', 'portable'),
  },
  {
    key: 'theme',
    display: true,
    value: 'NAME',
    description: 'default, light, mono, high-contrast (default)',
    schema: choice('default', 'light', 'mono', 'high-contrast'),
  },
  {
    key: 'color',
    display: true,
    value: 'WHEN',
    description: 'auto, always, never (auto)',
    schema: choice('auto', 'always', 'never'),
  },
  { key: 'ascii', display: true, description: 'draw with 7-bit characters only', schema: onOff },
  {
    key: 'tz',
    display: true,
    value: 'ZONE',
    description: 'show times in local or utc (local)',
    schema: choice('local', 'utc'),
  },
  { key: 'mouse', display: true, description: 'click to focus, select and sort, scroll by the wheel', schema: onOff },
  {
    key: 'allow-actions',
    description: 'let x reload, scale and stop this Gunicorn from the screen, each time after a question',
    schema: onOff,
  },
  { key: 'mask', display: true, description: 'hide client addresses, users and query strings', schema: onOff },
  { key: 'debug-log', display: true, value: 'FILE', description: "write gtop's own log to FILE", schema: text },
];

/** Options of `--once` and the commands: not in the config file. */
export const ONCE_COUNT_SCHEMA = count(1, 1_000_000);

/** Options of `gtop report` alone. */
export const REPORT_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'format',
    value: 'FORM',
    description: 'text, json, csv, md or html (what the ending of the output file says, else text)',
    schema: choice('text', 'json', 'csv', 'md', 'html'),
  },
  { key: 'output', short: 'o', value: 'FILE', description: 'write to FILE; - is standard output (-)', schema: text },
  {
    key: 'max-lines',
    value: 'N',
    description: 'read only the last N lines of all files together',
    schema: count(1, 999_999_999),
  },
  {
    key: 'since',
    value: 'TIME',
    description: 'leave out what is older: an ISO time, or a duration back from the newest line',
    schema: moment,
  },
  { key: 'until', value: 'TIME', description: 'leave out what comes then or later, given likewise', schema: moment },
  { key: 'slow', value: 'TIME', description: 'what counts as a slow request (1s)', schema: duration(0, 86_400) },
  { key: 'top', value: 'N', description: 'rows of each table (10)', schema: count(1, 10_000) },
];
