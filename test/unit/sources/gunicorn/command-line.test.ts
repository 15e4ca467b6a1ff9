import { describe, expect, it } from 'vitest';
import { parseArguments, settingsOf, splitWords } from '../../../../src/sources/gunicorn/command-line.ts';

const words = (line: string): string[] => splitWords(line);

describe('a command line of Gunicorn', () => {
  it("says nothing of the access lines of uvicorn's workers, which have a form of their own", () => {
    const of = (workerClass: string) =>
      settingsOf(['-k', workerClass, '--access-logformat', '%(h)s', 'app:app'], new Map(), null).accessLogFormat;
    expect(of('uvicorn.workers.UvicornWorker')).toBeNull();
    expect(of('uvicorn_worker.UvicornWorker')).toBeNull();
    expect(of('gevent')).toBe('%(h)s');
  });

  it('tells the settings that matter', () => {
    const line =
      '-b 127.0.0.1:8000 --bind=unix:/run/g.sock -w4 -k gthread --threads 8 -t 90 --backlog 128 -p /run/g.pid -n shop ' +
      '-c conf.py --max-requests 500 --access-logfile - --access-logformat \'%(h)s "%(r)s" %(D)s\' --error-logfile=err.log --chdir /srv app:app';
    expect(parseArguments(words(line))).toEqual({
      app: 'app:app',
      name: 'shop',
      bind: ['127.0.0.1:8000', 'unix:/run/g.sock'],
      workers: 4,
      workerClass: 'gthread',
      threads: 8,
      workerConnections: null,
      timeoutSeconds: 90,
      backlog: 128,
      logLevel: null,
      maxRequests: 500,
      maxRequestsJitter: null,
      workerTmpDir: null,
      pidFile: '/run/g.pid',
      configFile: 'conf.py',
      accessLog: '-',
      errorLog: 'err.log',
      accessLogFormat: '%(h)s "%(r)s" %(D)s',
      chdir: '/srv',
      controlSocket: null,
      dirtyApps: null,
    });
  });

  it.each([
    ['app:app -w 2', 'app:app'],
    ['--preload --reload -D app:app', 'app:app'],
    ['-DR app:app', 'app:app'],
    ['-Dw 2 app:app', 'app:app'],
    ['--worker-tmp-dir /dev/shm app:app', 'app:app'],
    ['--env A=b:c -e D=e app:app', 'app:app'],
    ['--keep-alive 5 project.wsgi', 'project.wsgi'],
    ['-w 2 -- app:app', 'app:app'],
    ['\'app:create("x")\'', 'app:create("x")'],
    ['-w 2', null],
  ])('names the application: %s', (line, app) => {
    expect(parseArguments(words(line)).app).toBe(app);
  });

  it('takes abbreviations that argparse takes, and no others', () => {
    expect(parseArguments(words('--thr 3 --tim 9 app:app'))).toMatchObject({
      threads: 3,
      timeoutSeconds: 9,
      app: 'app:app',
    });
    // Could be --worker-class, --worker-connections, --worker-tmp-dir.
    expect(parseArguments(words('--worker- 3 app:app'))).toMatchObject({
      workers: null,
      workerClass: null,
      app: 'app:app',
    });
    expect(parseArguments(words('--workers 3 app:app')).workers).toBe(3);
  });

  it('leaves out numbers that are none', () => {
    expect(parseArguments(words('-w many --timeout -5')).workers).toBeNull();
    expect(parseArguments(words('-w 1.5')).workers).toBeNull();
    expect(parseArguments(words('-w 0x10')).workers).toBe(16);
  });

  it('survives options whose value is missing', () => {
    expect(parseArguments(['-w'])).toMatchObject({ workers: null, app: null });
    expect(parseArguments(['--bind'])).toMatchObject({ bind: null });
  });
});

describe('settings by layer', () => {
  const environment = (entries: Record<string, string> = {}): Map<string, string> => new Map(Object.entries(entries));

  it('are the defaults where nothing can say otherwise', () => {
    expect(settingsOf(['app:app'], environment(), null)).toMatchObject({
      bind: ['127.0.0.1:8000'],
      workers: 1,
      workerClass: 'sync',
      threads: 1,
      timeoutSeconds: 30,
      backlog: 2048,
    });
    expect(settingsOf(['app:app'], environment({ WEB_CONCURRENCY: '3', PORT: '5000' }), null)).toMatchObject({
      bind: ['0.0.0.0:5000'],
      workers: 3,
    });
  });

  it.each([
    ['a configuration file', settingsOf(['-c', 'conf.py', 'app:app'], environment(), null)],
    ['a gunicorn.conf.py in its folder', settingsOf(['app:app'], environment(), '/srv/gunicorn.conf.py')],
    ['a folder that cannot be read', settingsOf(['app:app'], environment(), undefined)],
    ['an environment that cannot be read', settingsOf(['app:app'], null, null)],
  ])('are unknown behind %s', (_, settings) => {
    expect(settings).toMatchObject({
      app: 'app:app',
      workers: null,
      workerClass: null,
      timeoutSeconds: null,
      bind: null,
    });
  });

  it('come from GUNICORN_CMD_ARGS below the command line', () => {
    const variables = environment({ GUNICORN_CMD_ARGS: "--workers 5 --bind 1.2.3.4:80 --name 'my shop' --threads=2" });
    expect(settingsOf(['-w', '2', 'app:app'], variables, null)).toMatchObject({
      workers: 2,
      bind: ['1.2.3.4:80'],
      name: 'my shop',
      threads: 2,
      app: 'app:app',
    });
  });

  it('make threaded sync workers gthread ones', () => {
    expect(settingsOf(words('-k sync --threads 4 app:app'), environment(), null).workerClass).toBe('gthread');
    expect(settingsOf(words('--threads 4 app:app'), environment(), null).workerClass).toBe('gthread');
    expect(settingsOf(words('-k gevent --threads 4 app:app'), environment(), null).workerClass).toBe('gevent');
  });

  it('name the configuration file by its path', () => {
    expect(settingsOf(['-c', 'file:/etc/g.py'], environment(), null).configFile).toBe('/etc/g.py');
    expect(settingsOf(['-c', 'python:conf.prod'], environment(), null).configFile).toBe('python:conf.prod');
  });
});

describe('words of a shell', () => {
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    [`--name 'two words' x`, ['--name', 'two words', 'x']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`"say \\"hi\\"" \\ x`, ['say "hi"', ' x']],
    [`''`, ['']],
    ['', []],
    [`'open`, []],
  ])('%s', (line, expected) => {
    expect(splitWords(line)).toEqual(expected);
  });
});
