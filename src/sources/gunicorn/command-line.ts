/**
 * Gunicorn's settings as far as its command line and environment tell them. A configuration file is Python and may
 * decide anything; it is named here and left to others to read.
 */

/** Null is "not known": the command line does not say, and a configuration file may. */
export interface GunicornSettings {
  /** `MODULE:CALLABLE`. */
  readonly app: string | null;
  readonly name: string | null;
  readonly bind: readonly string[] | null;
  readonly workers: number | null;
  readonly workerClass: string | null;
  readonly threads: number | null;
  /** Connections that a worker holds at once: the limit of event loops, and of gthread's waiting clients. */
  readonly workerConnections: number | null;
  readonly timeoutSeconds: number | null;
  readonly backlog: number | null;
  /** Requests after which a worker is replaced; 0: never. */
  readonly maxRequests: number | null;
  /** Spread of that number, so that not all workers are replaced at once. */
  readonly maxRequestsJitter: number | null;
  /** `debug`, `info`, `warning`, `error` or `critical`. */
  readonly logLevel: string | null;
  /** Where the heartbeat files lie; null: the system's folder for temporary files. */
  readonly workerTmpDir: string | null;
  readonly pidFile: string | null;
  readonly configFile: string | null;
  readonly accessLog: string | null;
  readonly errorLog: string | null;
  readonly accessLogFormat: string | null;
  readonly chdir: string | null;
  readonly controlSocket: string | null;
  /** Applications of the dirty workers (`--dirty-app`, since 25.0), which are children of the master too. */
  readonly dirtyApps: readonly string[] | null;
}

export const UNKNOWN_SETTINGS: GunicornSettings = {
  app: null,
  name: null,
  bind: null,
  workers: null,
  workerClass: null,
  threads: null,
  workerConnections: null,
  timeoutSeconds: null,
  backlog: null,
  maxRequests: null,
  maxRequestsJitter: null,
  logLevel: null,
  workerTmpDir: null,
  pidFile: null,
  configFile: null,
  accessLog: null,
  errorLog: null,
  accessLogFormat: null,
  chdir: null,
  controlSocket: null,
  dirtyApps: null,
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Store = (settings: Writable<GunicornSettings>, value: string) => void;

type TextKey = {
  [K in keyof GunicornSettings]: GunicornSettings[K] extends string | null ? K : never;
}[keyof GunicornSettings];
type NumberKey = {
  [K in keyof GunicornSettings]: GunicornSettings[K] extends number | null ? K : never;
}[keyof GunicornSettings];
type ListKey = {
  [K in keyof GunicornSettings]: GunicornSettings[K] extends readonly string[] | null ? K : never;
}[keyof GunicornSettings];

const text =
  (key: TextKey): Store =>
  (settings, value) => {
    settings[key] = value;
  };
const count =
  (key: NumberKey): Store =>
  (settings, value) => {
    // Gunicorn takes `0x2` as well (gunicorn/config.py, validate_pos_int), and refuses what is no whole number.
    const number = Number(value);
    settings[key] = Number.isInteger(number) && number >= 0 ? number : null;
  };
const list =
  (key: ListKey): Store =>
  (settings, value) => {
    settings[key] = [...(settings[key] ?? []), value];
  };

/** The options that matter here, gunicorn/config.py. */
const STORED: Readonly<Record<string, Store>> = {
  '-b': list('bind'),
  '--bind': list('bind'),
  '-w': count('workers'),
  '--workers': count('workers'),
  '-k': text('workerClass'),
  '--worker-class': text('workerClass'),
  '--threads': count('threads'),
  '--worker-connections': count('workerConnections'),
  '-t': count('timeoutSeconds'),
  '--timeout': count('timeoutSeconds'),
  '--backlog': count('backlog'),
  '--max-requests': count('maxRequests'),
  '--max-requests-jitter': count('maxRequestsJitter'),
  '--log-level': text('logLevel'),
  '--worker-tmp-dir': text('workerTmpDir'),
  '-p': text('pidFile'),
  '--pid': text('pidFile'),
  '-n': text('name'),
  '--name': text('name'),
  '-c': text('configFile'),
  '--config': text('configFile'),
  '--access-logfile': text('accessLog'),
  '--access-logformat': text('accessLogFormat'),
  '--error-logfile': text('errorLog'),
  '--log-file': text('errorLog'),
  '--chdir': text('chdir'),
  '--control-socket': text('controlSocket'),
  '--dirty-app': list('dirtyApps'),
};

/** Options without a value, 19.9 to 26.2. Every other one takes a value, so that its value is not taken for the application. */
const FLAGS = new Set([
  '--capture-output',
  '--casefold-http-method',
  '--check-config',
  '-D',
  '--daemon',
  '--disable-redirect-access-to-syslog',
  '--do-handshake-on-connect',
  '--enable-backlog-metric',
  '-R',
  '--enable-stdio-inheritance',
  '--initgroups',
  '--log-syslog',
  '--no-control-socket',
  '--no-sendfile',
  '--permit-obsolete-folding',
  '--permit-unconventional-http-method',
  '--permit-unconventional-http-version',
  '--preload',
  '--print-config',
  // A value since 26.0, but optional and never worth a word that follows it.
  '--proxy-protocol',
  '--reload',
  '--reuse-port',
  '--spew',
  '--strip-header-spaces',
  '--suppress-ragged-eofs',
  '--tolerate-dangerous-framing',
]);

/** Other long options with a value, which an abbreviation might mean just as well. */
const OTHERS = [
  '--asgi-disconnect-grace-period',
  '--asgi-lifespan',
  '--asgi-loop',
  '--ca-certs',
  '--cert-reqs',
  '--certfile',
  '--ciphers',
  '--control-socket-mode',
  '--dirty-graceful-timeout',
  '--dirty-threads',
  '--dirty-timeout',
  '--dirty-workers',
  '--dogstatsd-tags',
  '--env',
  '--forwarded-allow-ips',
  '--forwarder-headers',
  '--graceful-timeout',
  '--group',
  '--header-map',
  '--http-parser',
  '--http-protocols',
  '--keep-alive',
  '--keyfile',
  '--limit-request-field_size',
  '--limit-request-fields',
  '--limit-request-line',
  '--log-config',
  '--log-config-dict',
  '--log-config-json',
  '--log-syslog-facility',
  '--log-syslog-prefix',
  '--log-syslog-to',
  '--logger-class',
  '--paste',
  '--paste-global',
  '--paster',
  '--protocol',
  '--proxy-allow-from',
  '--pythonpath',
  '--reload-engine',
  '--reload-extra-file',
  '--root-path',
  '--ssl-version',
  '--statsd-host',
  '--statsd-prefix',
  '--umask',
  '--user',
  '--uwsgi-allow-from',
];

const LONG = [...Object.keys(STORED), ...FLAGS, ...OTHERS].filter((name) => name.startsWith('--'));

/** argparse takes any unambiguous beginning of a long option. */
function unabbreviate(name: string): string {
  if (LONG.includes(name)) return name;
  const candidates = LONG.filter((full) => full.startsWith(name));
  return candidates.length === 1 ? (candidates[0] ?? name) : name;
}

/**
 * Reads the arguments behind the program's name (`-w 4 --threads=2 app:app`) as argparse would: values glued to short
 * options (`-w4`), `--option=value`, abbreviations, flags run together (`-DR`). The bare word is the application.
 * @param base what lower layers said; the arguments win, a repeated `--bind` replaces the list as a whole.
 */
export function parseArguments(words: readonly string[], base: GunicornSettings = UNKNOWN_SETTINGS): GunicornSettings {
  const own: Writable<GunicornSettings> = { ...UNKNOWN_SETTINGS };
  const store = (option: string, value: string | undefined): void => {
    if (value !== undefined) STORED[option]?.(own, value);
  };
  const bare: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      bare.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const option = unabbreviate(equals < 0 ? word : word.slice(0, equals));
      if (equals >= 0) store(option, word.slice(equals + 1));
      else if (!FLAGS.has(option)) store(option, words[++at]);
    } else if (word.startsWith('-') && word.length > 1) {
      let letter = 1;
      while (letter < word.length && FLAGS.has(`-${word[letter]}`)) letter++;
      if (letter === word.length) continue;
      const glued = word.slice(letter + 1).replace(/^=/, '');
      store(`-${word[letter]}`, glued === '' ? words[++at] : glued);
    } else {
      bare.push(word);
    }
  }
  // The first, but ps(1) shows the words of a quoted value (a log format) as if they stood alone.
  own.app = bare.find((word) => /^[\w.]+:\w/.test(word)) ?? bare[0] ?? null;
  return overlay(base, own);
}

/** The known fields of `top` over those of `base`. */
export function overlay(base: GunicornSettings, top: Partial<GunicornSettings>): GunicornSettings {
  const known = Object.entries(top).filter(([, value]) => value !== null && value !== undefined);
  return { ...base, ...Object.fromEntries(known) };
}

/** Splits GUNICORN_CMD_ARGS into words as Python's shlex does: quotes and backslashes, no expansion. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gsy;
  let word: string | null = null;
  for (let match = piece.exec(line); match !== null; match = piece.exec(line)) {
    const [whole, single, double, escaped, plain] = match;
    const part = single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain;
    if (part !== undefined) word = (word ?? '') + part;
    else if (word !== null && whole !== '') {
      words.push(word);
      word = null;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** What stands between Gunicorn's defaults and the command line. */
export interface LowerLayers {
  /** What a configuration file says; null where none was read. */
  readonly file: Partial<GunicornSettings> | null;
  /** Makes of Gunicorn's defaults those that the file leaves in force. */
  readonly below: (defaults: GunicornSettings) => GunicornSettings;
}

/**
 * The settings of a master out of its command line and environment, and of its configuration file where that was read.
 * The command line wins over GUNICORN_CMD_ARGS, that over the file, the file over the defaults (gunicorn/app/base.py).
 *
 * @param environment null when it cannot be read; WEB_CONCURRENCY and GUNICORN_CMD_ARGS are then unknown, and so are
 * Gunicorn's defaults.
 * @param defaultConfigFile path of a `gunicorn.conf.py` in the start folder, which Gunicorn reads unasked; null when
 * there is none; undefined when that is not known.
 */
export function settingsOf(
  args: readonly string[],
  environment: ReadonlyMap<string, string> | null,
  defaultConfigFile: string | null | undefined,
  layers: LowerLayers | null = null,
): GunicornSettings {
  const fromEnvironment = parseArguments(splitWords(environment?.get('GUNICORN_CMD_ARGS') ?? ''));
  const said = parseArguments(args, fromEnvironment);
  const configFile = said.configFile?.replace(/^file:/, '') ?? defaultConfigFile ?? null;
  const hasDefaults = environment !== null && defaultConfigFile !== undefined;
  const defaults = hasDefaults ? defaultSettings(environment) : UNKNOWN_SETTINGS;
  const below = configFile === null ? defaults : (layers?.below(defaults) ?? UNKNOWN_SETTINGS);
  const settings = { ...overlay(overlay(below, layers?.file ?? {}), said), configFile };
  // Workers of uvicorn's write their access lines in a form of their own (uvicorn/workers.py), whatever this says.
  if (/uvicorn/i.test(settings.workerClass ?? '')) return { ...settings, accessLogFormat: null };
  // gunicorn/config.py, worker_class: sync with threads is served by gthread.
  const isThreaded = settings.workerClass === 'sync' && (settings.threads ?? 1) > 1;
  return isThreaded ? { ...settings, workerClass: 'gthread' } : settings;
}

/** What holds when nobody says otherwise, gunicorn/config.py. */
function defaultSettings(environment: ReadonlyMap<string, string>): GunicornSettings {
  const port = environment.get('PORT');
  return {
    ...UNKNOWN_SETTINGS,
    bind: [port === undefined ? '127.0.0.1:8000' : `0.0.0.0:${port}`],
    workers: Number(environment.get('WEB_CONCURRENCY') ?? 1) || null,
    workerClass: 'sync',
    threads: 1,
    workerConnections: 1000,
    timeoutSeconds: 30,
    backlog: 2048,
    maxRequests: 0,
    maxRequestsJitter: 0,
    logLevel: 'info',
  };
}
