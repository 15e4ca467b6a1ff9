/** Which files are the application's own, by their path alone: the hosts that they stand on need not be this one. */

/** Files that are not the application's. One row a kind. */
const FOREIGN: readonly RegExp[] = [
  // What pip and Debian install.
  /[/\\](?:site|dist)-packages[/\\]/,
  // Python's own library, of every build: /usr/lib/python3.11, lib64, lib/pypy3.10, python311.zip.
  /(?:^|[/\\])(?:lib(?:64)?[/\\](?:python|pypy)\d[\d.]*t?|lib_pypy|lib-python)[/\\]/i,
  /[/\\]python\d+\.zip[/\\]/,
  // Scripts that pip makes: /usr/local/bin/gunicorn.
  /[/\\]bin[/\\][^/\\.]+$/,
  // `<frozen importlib._bootstrap>`, `<string>`, `<attrs generated init …>`: code without a file.
  /^</,
  // Gunicorn that runs from a folder of its own. A project may have such a name too, so its files stand here by name.
  /(?:^|[/\\])gunicorn[/\\](?:(?:arbiter|config|debug|glogging|pidfile|reloader|sock|systemd|util)\.py$|app[/\\](?:base|wsgiapp|pasterapp)\.py$|http[/\\](?:body|message|parser|unreader|wsgi)\.py$|workers[/\\](?:base|base_async|gasgi|geventlet|ggevent|gthread|gtornado|sync)\.py$|(?:asgi|dirty)[/\\]\w+\.py$)/,
];

export const isApplicationFile = (file: string): boolean => !FOREIGN.some((pattern) => pattern.test(file));
