import { describe, expect, it } from 'vitest';
import { gunicornArguments, parseTitle } from '../../../../src/sources/gunicorn/process-name.ts';

describe('whose command line it is', () => {
  it.each([
    ['/usr/bin/python3|/usr/bin/gunicorn|-w|2|app:app', ['-w', '2', 'app:app']],
    ['/srv/venv/bin/gunicorn|app:app', ['app:app']],
    ['python3.11|-u|-X|dev|/srv/venv/bin/gunicorn3|app:app', ['app:app']],
    ['python|-m|gunicorn|app:app', ['app:app']],
    ['/usr/bin/python3|-m|gunicorn.app.wsgiapp|app:app', ['app:app']],
    ['pypy3|/srv/venv/lib/gunicorn/__main__.py|app:app', ['app:app']],
  ])('%s is Gunicorn', (line, args) => {
    expect(gunicornArguments(line.split('|'))).toEqual(args);
  });

  it.each([
    'vim|gunicorn.conf.py',
    'grep|gunicorn',
    'tail|-F|/var/log/gunicorn/access.log',
    'sh|-c|gunicorn app:app',
    'python3|manage.py|gunicorn',
    'python3|-c|import gunicorn',
    'python3|-m|pytest|gunicorn',
    '/usr/bin/gunicornc|status',
    'gunicorn-exporter|--port|9',
    'python3',
    '',
  ])('%s is not', (line) => {
    expect(gunicornArguments(line.split('|'))).toBeNull();
  });
});

describe('process titles', () => {
  it.each([
    [['gunicorn: master [app:app]'], { role: 'master', name: 'app:app' }],
    [['gunicorn: worker [my shop [eu]]   '], { role: 'worker', name: 'my shop [eu]' }],
    [['gunicorn:', 'master', '[app.2]'], { role: 'master', name: 'app.2' }],
    [['gunicorn: dirty-arbiter'], { role: 'dirty-arbiter', name: null }],
    [['gunicorn: dirty-worker [app:app]'], { role: 'dirty-worker', name: 'app:app' }],
    [['gunicorn', 'app:app'], null],
    [[], null],
  ])('%j', (command, title) => {
    expect(parseTitle(command)).toEqual(title);
  });
});
