import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { repeatSeconds, secretVariables } from '../../../../src/alerts/notices/config.ts';
import {
  type NotifyConfig,
  notifySchema,
  notifyWarnings,
  packChannels,
  Secret,
  unpackChannels,
} from '../../../../src/alerts/notices/index.ts';
import { cleanUp, temporaryFolder } from '../../../support/cleanup.ts';

const CANARY = 'canary-5f1c';
const read = (input: unknown): NotifyConfig => v.parse(notifySchema, input);

const EMAIL = { type: 'email', host: 'mail.example', from: 'gtop@example.org', to: 'ops@example.org' };
const SLACK = { type: 'slack', url: `https://hooks.slack.example/${CANARY}` };

afterEach(cleanUp);

describe('the notify section', () => {
  it('is a map of named channels', () => {
    const channels = read({ ops: SLACK, pager: { type: 'command', command: ['/usr/local/bin/page', '--now'] } });
    expect(Object.keys(channels)).toEqual(['ops', 'pager']);
    expect(channels.ops).toMatchObject({ type: 'slack', timeout: 10, send_resolved: true });
  });

  it('or a list of channels, named or called after their type', () => {
    expect(Object.keys(read([{ name: 'ops', ...SLACK }, EMAIL]))).toEqual(['ops', 'email']);
  });

  it('takes durations as Prometheus writes them, and as numbers of seconds', () => {
    const repeats = ['4h', '1h30m', 90, '90s'].map((repeat) => read({ a: { ...SLACK, repeat } }).a?.repeat);
    expect(repeats).toEqual([14_400, 5400, 90, 90]);
  });

  it('repeats after four hours, to Alertmanager every minute, or as it says', () => {
    const am = { type: 'alertmanager', url: 'http://localhost:9093' };
    const channels = Object.values(read({ a: SLACK, b: am, c: { ...am, repeat: '30s' } }));
    expect(channels.map(repeatSeconds)).toEqual([14_400, 60, 30]);
  });

  it('takes one recipient or many', () => {
    expect(read({ a: EMAIL, b: { ...EMAIL, to: ['x@y.z', 'u@v.w'] } })).toMatchObject({
      a: { to: ['ops@example.org'] },
      b: { to: ['x@y.z', 'u@v.w'] },
    });
  });

  it.each([
    ['no map', CANARY, 'must be a map of channels, each with a type'],
    ['a channel that is none', { a: CANARY }, 'must be a map of settings'],
    ['an unknown type', { a: { type: CANARY } }, 'must be webhook, slack, email, alertmanager or command'],
    ['no type', { a: { url: CANARY } }, 'must be webhook, slack, email, alertmanager or command'],
    ['an unknown setting', { a: { ...SLACK, uri: CANARY } }, 'is not a setting of a channel of type slack'],
    ['a setting that is missing', { a: { type: 'email', host: CANARY } }, 'is missing'],
    [
      'a login in the place of a host',
      { a: { ...EMAIL, host: `smtp://me:${CANARY}@mail.example` } },
      'must be the name of a host, like smtp.example.org',
    ],
    ['an address that is none', { a: { type: 'slack', url: CANARY } }, 'must be an address like https://host/path'],
    [
      'an address that is no web address',
      { a: { type: 'webhook', url: `file:///etc/${CANARY}` } },
      'must be an address like https://host/path',
    ],
    ['no address', { a: { type: 'slack' } }, 'needs one of url, url_file, url_env'],
    ['two addresses', { a: { ...SLACK, url_file: '/x' } }, 'needs one of url, url_file, url_env'],
    ['an address that is a list', { a: { type: 'slack', url: [CANARY] } }, 'must be text'],
    [
      'two passwords',
      { a: { ...EMAIL, password: CANARY, password_env: 'X' } },
      'takes only one of password, password_file, password_env',
    ],
    ['a password that is a map', { a: { ...EMAIL, password: { a: CANARY } } }, 'must be text'],
    ['a header that breaks out', { a: { ...SLACK, type: 'webhook', headers: { A: `${CANARY}\r\nB: c` } } }, /one line/],
    ['a header without a name', { a: { ...SLACK, type: 'webhook', headers: { 'A b': CANARY } } }, /name of a header/],
    ['a sender that breaks out', { a: { ...EMAIL, from: 'a@b.c\r\nBcc: d@e.f' } }, 'must be one line'],
    ['a sender that is no address', { a: { ...EMAIL, from: CANARY } }, 'must be a mail address'],
    ['a port that is none', { a: { ...EMAIL, port: 70_000 } }, 'must be a port from 1 to 65535'],
    ['a command line for a shell', { a: { type: 'command', command: `page ${CANARY}` } }, /must be a list/],
    ['an argument that is a map', { a: { type: 'command', command: ['page', { a: CANARY }] } }, /must be a list/],
    ['an empty command', { a: { type: 'command', command: [] } }, /must be a list/],
    ['a bad duration', { a: { ...SLACK, repeat: CANARY } }, /must be a duration/],
    ['no time at all', { a: { ...SLACK, timeout: 0 } }, /must be a duration/],
    ['a name with blanks', { 'a b': SLACK }, /is not a name for a channel/],
    ['a name that would get lost', { constructor: SLACK }, /no names for channels/],
    ['such a name in a list', [{ ...SLACK, name: '__proto__' }], /no names for channels/],
    ['two channels of one name', [SLACK, SLACK], /two channels have the same name/],
    ['fifty-one channels', Object.fromEntries([...Array(51).keys()].map((i) => [`c${i}`, SLACK])), /at most 50/],
  ])('refuses %s and never quotes what it received', (_name, input, message) => {
    const result = v.safeParse(notifySchema, input);
    const complaints = result.issues?.map((issue) => issue.message) ?? [];
    expect(complaints[0]).toMatch(message);
    expect(complaints.join()).not.toContain(CANARY);
  });
});

describe('channels on their way into a thread', () => {
  const input = {
    a: { type: 'webhook', url: `https://x.example/${CANARY}`, headers: { Authorization: CANARY }, repeat: '1h30m' },
    b: { ...EMAIL, password: CANARY, username: 'u' },
    c: { type: 'command', command: ['true', `--token=${CANARY}`] },
  };

  it('arrive as they were, secrets included', () => {
    const arrived = unpackChannels(structuredClone(packChannels(read(input))));
    expect(arrived).toEqual(read(input));
    expect(arrived.a?.type === 'webhook' && arrived.a.url?.reveal()).toBe(`https://x.example/${CANARY}`);
    expect(arrived.b?.type === 'email' && arrived.b.password).toBeInstanceOf(Secret);
    const [program, token] = arrived.c?.type === 'command' ? arrived.c.command : [];
    expect([program, token?.reveal()]).toEqual(['true', `--token=${CANARY}`]);
  });
});

it('knows the variables that hold secrets', () => {
  const channels = read({ a: { type: 'slack', url_env: 'SLACK_URL' }, b: { ...EMAIL, password_env: 'MAIL_PASSWORD' } });
  expect([...secretVariables(channels)]).toEqual(['SLACK_URL', 'MAIL_PASSWORD']);
});

describe('warnings', () => {
  const fileWith = (mode: number): string => {
    const file = join(temporaryFolder(), 'config.yaml');
    writeFileSync(file, '');
    chmodSync(file, mode);
    return file;
  };

  it('name secrets that stand in the file', () => {
    const file = fileWith(0o600);
    expect(notifyWarnings(read({ ops: SLACK, mail: { ...EMAIL, password: CANARY } }), file)).toEqual([
      `${file}: notify.ops.url, notify.mail.password are secrets in the file itself: better in a file of its own or a variable (_file, _env)`,
    ]);
  });

  it('are louder when others can read the file', () => {
    const file = fileWith(0o640);
    expect(notifyWarnings(read({ ops: SLACK }), file)).toEqual([
      `${file}: notify.ops.url is a secret that every user who can read the file sees: chmod 600 ${file}`,
    ]);
  });

  it('are silent about secrets from elsewhere and addresses that hold none', () => {
    const channels = read({
      ops: { type: 'slack', url_file: '/run/secrets/slack' },
      hook: { type: 'webhook', url: 'http://localhost:8080/alerts/incoming' },
      am: { type: 'alertmanager', url: 'http://127.0.0.1:9093' },
    });
    expect(notifyWarnings(channels, fileWith(0o644))).toEqual([]);
  });

  it.each([
    ['a login', 'http://user:pass@host/'],
    ['a query', 'https://host/hook?key=1'],
    ['a token in the path', 'https://host/hooks/8f14e45fceea167a5a36'],
  ])('count an address with %s as a secret', (_name, url) => {
    expect(notifyWarnings(read({ hook: { type: 'webhook', url } }), fileWith(0o600))).toHaveLength(1);
  });

  it('name a password that crosses the network in the clear', () => {
    const login = { ...EMAIL, tls: 'none', username: 'u', password_env: 'X' };
    expect(notifyWarnings(read({ mail: login }), 'c.yaml')).toEqual([
      'c.yaml: notify.mail: the password crosses the network unencrypted: set tls to starttls',
    ]);
    expect(notifyWarnings(read({ mail: { ...login, host: '127.0.0.1' } }), 'c.yaml')).toEqual([]);
  });
});
