/** Log lines are written by whoever sends requests: nothing of theirs may reach the terminal as it was sent. */
import { appendFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { paneBox } from '../support/boxes.ts';
import { cleanUp } from '../support/cleanup.ts';
import { type GunicornVersion, type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { sendRaw } from '../support/http.ts';
import { openGtop, type Pty } from '../support/pty.ts';
import { forbiddenIn } from '../support/terminal-bytes.ts';

afterEach(cleanUp);

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A request whose path, agent and referrer hold the same bytes. */
const request = (evil: Buffer): Buffer =>
  Buffer.concat([
    bytes('GET /'),
    evil,
    bytes(' HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: '),
    evil,
    bytes('\r\nReferer: https://x/'),
    evil,
    bytes('\r\n\r\n'),
  ]);

/** As Gunicorn's default format writes them: raw in the path on 26, and the name of a Basic login anywhere. */
const ATTACKS: readonly (readonly [string, Buffer])[] = [
  ['a window title (OSC 0)', bytes('\x1b]0;pwned\x07')],
  ['a link (OSC 8)', bytes('\x1b]8;;https://evil.example\x07x\x1b]8;;\x07')],
  ['the clipboard (OSC 52)', bytes('\x1b]52;c;cHduZWQ=\x07')],
  ['erasing the screen', bytes('\x1b[2J\x1b[3J\x1b[H')],
  ['a question to the terminal', bytes('\x1b[6n\x1b[c\x1bP$qm\x1b\\')],
  ['C1 controls', bytes('\x9b2J\x9d0;pwned\x9c\x90q\x9c')],
  ['bell, backspace, delete', bytes('a\x07b\x08c\x7fd')],
  ['carriage return', bytes('a%0d%0ab')],
  ['bidi overrides', Buffer.from('\u202egnp.exe\u2066\u2069')],
  ['zero-width and tags', Buffer.from('a\u200bb\u{e0041}\u{e007f}')],
  ['marks upon marks', Buffer.from(`z${'\u0301'.repeat(60)}`)],
  ['CJK', Buffer.from('東京/大阪')],
  ['emoji: joined, flags, skin', Buffer.from('👩‍👩‍👧‍👦🇯🇵🏳️‍🌈👍🏽')],
  ['right to left', Buffer.from('שלום/مرحبا')],
  ['broken UTF-8', bytes('\xff\xfe\xc0\xaf\xed\xa0\x80')],
];

async function attack({ endpoint }: RunningGunicorn): Promise<void> {
  for (const [, evil] of ATTACKS) await sendRaw(endpoint, request(evil)).catch(() => null);
  // The user name of a Basic login may hold a newline: a forged line, a second escape.
  const login = Buffer.from('eve\n10.0.0.1 - - "GET /forged HTTP/1.1" 200 \x1b]0;pwned\x07:x').toString('base64');
  await sendRaw(
    endpoint,
    bytes(`GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic ${login}\r\n\r\n`),
  );
}

/** Panes whose first row opens something, whatever happened. */
const OPENING = ['4', '5', '9', '0'];

/** Goes through all panes as they are and zoomed, into details, the other clients, the help and the raw lines. */
/** By their titles: a digit and a name; no time of day, no number. */
const panesOf = (screen: string): number => (screen.match(/(?<![\w:.])[0-9] [A-Z][a-z]+/g) ?? []).length;

async function lookEverywhere(pty: Pty): Promise<void> {
  const shows = (wanted: string) => pty.waitFor(wanted);
  const open = async () => {
    pty.press('Enter');
    await shows(' › ');
    await pty.settled();
    pty.press('PgDn');
    await pty.settled();
    pty.press('Esc');
    await pty.waitFor((screen) => !screen.includes(' › '));
  };
  for (const digit of '1234567890') {
    pty.press(digit);
    await shows(`>${digit} `);
    pty.press('z');
    await pty.waitFor((screen) => panesOf(screen) === 1);
    await pty.settled();
    if (OPENING.includes(digit)) await open();
    pty.press('z');
    await pty.waitFor((screen) => panesOf(screen) > 1);
  }
  pty.press('9');
  for (const list of ['User agents', 'Methods', 'Referrers', 'Addresses']) {
    await shows('>9 ');
    pty.press('Right');
    await shows(`[${list}]`);
    await open();
  }
  pty.press('v');
  await shows('/forged');
  await pty.settled();
  pty.press('Esc', '?');
  await shows('Help: 9 Clients');
  pty.press('Esc', '4');
  await pty.waitFor((screen) => !screen.includes('Help: '));
}

const PANES = ['Traffic', 'Latency', 'Status', 'Paths', 'Workers', 'Alerts', 'Events'];

describe.each<GunicornVersion>(['26', '20.1'])('through Gunicorn %s', (version) => {
  it('reaches the terminal as visible characters, in frames that stay aligned', { timeout: 120_000 }, async () => {
    const gunicorn = await startGunicorn({ version });
    await attack(gunicorn);
    // Lines that no Gunicorn would write, as another program might.
    appendFileSync(gunicorn.accessLog, Buffer.concat(ATTACKS.flatMap(([, evil]) => [evil, bytes('\n')])));
    appendFileSync(
      gunicorn.errorLog,
      Buffer.concat(
        ATTACKS.map(([, evil]) =>
          Buffer.concat([
            bytes('[2026-11-21 12:00:00 +0000] [1] [ERROR] Error handling request /'),
            evil,
            bytes('\nTraceback (most recent call last):\n  File "'),
            evil,
            bytes('.py", line 1, in f\nValueError: '),
            evil,
            bytes('\n'),
          ]),
        ),
      ),
    );
    const pty = openGtop([
      ...['--no-config', '--from-start', '--window', 'all'],
      ...['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog],
    ]);
    await pty.waitFor('GET /login');
    await lookEverywhere(pty);
    await pty.settled();
    for (const name of PANES) paneBox(pty, name);
    expect(pty.text()).toMatch(/東京\/大阪/);
    pty.resize(80, 24);
    await pty.settled();
    await lookEverywhere(pty);
    pty.press('q');
    await pty.exit();
    expect(forbiddenIn(pty.bytes())).toEqual([]);
    expect(pty.title).toBe('');
  });
});

it('finds what must not be there', () => {
  const bad = ATTACKS.slice(0, 10).map(([name, evil]) => [name, forbiddenIn(evil).length > 0]);
  expect(bad.filter(([name]) => name !== 'carriage return')).toEqual(
    bad.filter(([name]) => name !== 'carriage return').map(([name]) => [name, true]),
  );
  expect(forbiddenIn(Buffer.from('\x1b[?1049h\x1b[H\x1b[2J\x1b[0;38;2;1;2;3m東京 é\x1b[K\x1b[12;3H\x1b[m'))).toEqual(
    [],
  );
});
