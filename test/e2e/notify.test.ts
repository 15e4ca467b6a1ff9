import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { type RunResult, runGtop } from '../support/cli.ts';
import { answerStatus, closedPort, hang, makeCertificate, startReceiver } from '../support/receivers.ts';
import { startMailServer } from '../support/smtp.ts';

const CANARY = 'canary5f1c9a7e';

afterEach(cleanUp);

function configOf(notify: unknown, mode = 0o600): string {
  const file = join(temporaryFolder(), 'config.yaml');
  writeFileSync(file, typeof notify === 'string' ? notify : stringify({ notify }));
  chmodSync(file, mode);
  return file;
}

const notifyTest = (file: string, env: Readonly<Record<string, string>> = {}): Promise<RunResult> =>
  runGtop(['notify', 'test', '--config', file], { env });

/** Without the times that it took. */
const linesOf = ({ stdout }: RunResult) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/in \d+\.\d\d s/, 'in N s'));

describe('gtop notify test', () => {
  it('sends one marked notice through every channel and says so', async () => {
    const [slack, hook, am] = [await startReceiver(), await startReceiver(), await startReceiver()];
    const certificate = makeCertificate();
    const mail = await startMailServer({ key: certificate.key, cert: certificate.cert }, CANARY);
    const file = join(temporaryFolder(), 'got');
    const password = join(temporaryFolder(), 'password');
    writeFileSync(password, `${CANARY}\n`);
    const config = configOf({
      chat: { type: 'slack', url_env: 'SLACK_URL' },
      hook: { type: 'webhook', url: hook.url },
      am: { type: 'alertmanager', url: am.url },
      mail: {
        type: 'email',
        host: '127.0.0.1',
        port: mail.port,
        username: 'me',
        password_file: password,
        from: 'gtop@example.org',
        to: 'ops@example.org',
        ca_file: certificate.certFile,
      },
      page: { type: 'command', command: ['tee', file] },
    });
    const result = await notifyTest(config, { SLACK_URL: slack.url });
    expect(linesOf(result)).toEqual([
      'chat (slack): sent in N s',
      'hook (webhook): sent in N s',
      'am (alertmanager): sent in N s',
      'mail (email): sent in N s',
      'page (command): sent in N s',
    ]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const mark = /Test notice from gtop on \S+: nothing is wrong/;
    expect(slack.received.map(({ json }) => json.text)).toEqual([expect.stringMatching(mark)]);
    expect(hook.received).toHaveLength(1);
    expect(hook.received[0]?.json.commonLabels).toMatchObject({ alertname: 'GtopTestNotice', test: 'true' });
    expect(am.received).toHaveLength(1);
    expect(am.received[0]?.json[0].annotations.summary).toMatch(mark);
    expect(mail.mails).toHaveLength(1);
    expect(mail.mails[0]?.raw).toMatch(mark);
    expect(readFileSync(file, 'utf8')).toMatch(mark);
  });

  it('ends with 1 when one failed, and has tried the others', async () => {
    const [good, bad] = [await startReceiver(), await startReceiver(answerStatus(403))];
    const config = configOf({ bad: { type: 'webhook', url: bad.url }, good: { type: 'webhook', url: good.url } });
    const result = await notifyTest(config);
    expect(linesOf(result)).toEqual(['bad (webhook): failed: answers 403', 'good (webhook): sent in N s']);
    expect(result.code).toBe(1);
    expect([good.received.length, bad.received.length]).toEqual([1, 1]);
  });

  it('with no channel ends with 2 and says where to name one', async () => {
    const result = await notifyTest(configOf({}));
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^gtop: no channel is configured: [^\n]*config\.yaml \(try gtop --help\)\n$/);
  });

  it.each([
    [['notify'], "gtop: missing required argument 'test'"],
    [['notify', 'tset'], "gtop: unknown command 'notify tset', did you mean 'notify test'?"],
  ])('is what %j should have been', async (args, message) => {
    expect(await runGtop(args)).toMatchObject({ code: 2, stdout: '', stderr: `${message} (try gtop --help)\n` });
  });

  it('warns of a secret in a file that others can read', async () => {
    const { url } = await startReceiver();
    const config = configOf({ chat: { type: 'slack', url } }, 0o644);
    const { stderr, code } = await notifyTest(config);
    expect(stderr).toBe(
      `gtop: ${config}: notify.chat.url is a secret that every user who can read the file sees: chmod 600 ${config}\n`,
    );
    expect(code).toBe(0);
  });
});

describe('a secret never shows', () => {
  /** Everything that gtop printed, and every file that it wrote. */
  async function allOutput(config: string, args: readonly string[]): Promise<string> {
    const folder = temporaryFolder();
    const { stdout, stderr } = await runGtop([...args, '--config', config], { cwd: folder });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile());
    return [stdout, stderr, ...files.map((path) => readFileSync(path, 'utf8'))].join('\n');
  }

  it('whatever goes wrong on the way', async () => {
    const echo = (status: number) =>
      startReceiver((request, response) => {
        response.writeHead(status, `${request.headers.authorization}`.replace(/[^\w ]/g, ''));
        response.end(`${request.url} ${JSON.stringify(request.headers)}`);
      });
    const refused = `http://127.0.0.1:${await closedPort()}`;
    const hanging = (await startReceiver(hang)).url;
    const elsewhere = (await startReceiver(answerStatus(302, { Location: `http://127.0.0.1/${CANARY}` }))).url;
    const [broken, denied] = [(await echo(500)).url, (await echo(401)).url];
    const badTls = (await startReceiver(undefined, makeCertificate())).url;
    const certificate = makeCertificate();
    const mail = await startMailServer({ key: certificate.key, cert: certificate.cert }, 'another');
    const addresses = { refused, hanging, elsewhere, broken, denied, badTls, unknown: `http://${CANARY}.invalid` };
    const http = Object.entries(addresses).flatMap(([name, url]) => [
      [`${name}-slack`, { type: 'slack', url: `${url}/services/${CANARY}`, timeout: 0.5 }],
      [`${name}-hook`, { type: 'webhook', url: `${url}/?key=${CANARY}`, bearer_token: CANARY, timeout: 0.5 }],
      [`${name}-am`, { type: 'alertmanager', url, username: 'me', password: CANARY, timeout: 0.5 }],
      [`${name}-own`, { type: 'webhook', url, headers: { 'X-Key': CANARY }, timeout: 0.5 }],
    ]);
    const login = { username: 'me', password: CANARY, from: 'a@b.c', to: 'd@e.f', timeout: 2 };
    const config = configOf({
      ...Object.fromEntries(http),
      'mail-denied': { type: 'email', host: '127.0.0.1', port: mail.port, ca_file: certificate.certFile, ...login },
      'mail-bad-tls': { type: 'email', host: '127.0.0.1', port: mail.port, ...login },
      'mail-refused': { type: 'email', host: '127.0.0.1', port: await closedPort(), ...login },
    });
    const result = await notifyTest(config);
    expect(linesOf(result)).toHaveLength(http.length + 3);
    for (const line of linesOf(result)) expect(line).toContain(': failed: ');
    expect(result.stdout).toContain('mail-denied (email): failed: login refused (535)');
    expect(mail.logins).toEqual([['me', CANARY]]);
    expect(result.stdout + result.stderr).not.toContain(CANARY);
    expect(result.stdout + result.stderr).not.toContain(Buffer.from(`me:${CANARY}`).toString('base64'));
    expect(result.code).toBe(1);
  });

  it('in the settings that gtop prints', async () => {
    const output = await allOutput(
      configOf({
        chat: { type: 'slack', url: `https://h.example/${CANARY}` },
        page: { type: 'command', command: ['/usr/local/bin/page', `--token=${CANARY}`, '-H', `Bearer ${CANARY}`] },
      }),
      ['--print-config'],
    );
    expect(output).toContain('url: <secret>');
    expect(output).toMatch(/- \/usr\/local\/bin\/page\n\s+- <secret>\n\s+- <secret>\n\s+- <secret>\n/);
    expect(output).not.toContain(CANARY);
  });

  it.each([
    ['a setting of the wrong kind', { a: { type: 'webhook', url: [CANARY] } }],
    ['an address that is none', { a: { type: 'webhook', url: CANARY } }],
    ['an unknown type', { a: { type: CANARY } }],
    ['an unknown setting', { a: { type: 'slack', url: `http://h/${CANARY}`, chanel: CANARY } }],
    ['a section that is none', `notify: ${CANARY}\n`],
    ['a channel that is none', `notify: {a: ${CANARY}}\n`],
    ['an alias', `notify:\n  a: {type: slack, url: *${CANARY}}\n`],
    ['a tag', `notify:\n  a:\n    type: slack\n    url: !${CANARY} x\n`],
    ['a block that is none', `notify:\n  a:\n    type: slack\n    url: |${CANARY}\n`],
    ['an escape that is none', `notify:\n  a:\n    type: slack\n    url: "\\x${CANARY}"\n`],
    ['quotes left open', `notify:\n  a: {type: slack, url: "${CANARY}\n`],
    ['a colon too many', `notify:\n  a:\n    type: slack\n    url: ${CANARY}: ${CANARY}\n`],
    ['a character that YAML keeps for itself', `notify:\n  a: {type: slack, url: @${CANARY}}\n`],
    ['a directive', `%${CANARY} 1\nnotify:\n`],
    ['a stray bracket', `notify:\n  a: {type: slack, url: ${CANARY}]}\n`],
  ])('in the complaint about %s', async (_name, notify) => {
    const config = configOf(notify);
    const result = await notifyTest(config);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^gtop: [^\n]+ \(try gtop --help\)\n$/);
    expect(result.stdout + result.stderr).not.toContain(CANARY);
    expect(await allOutput(config, ['--once', '--print-config'])).not.toContain(CANARY);
  });
});
