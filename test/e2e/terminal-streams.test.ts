/** Byte for byte what the terminal gets at the start and at the end, by whatever way the program ends. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { gtopCommand } from '../support/cli.ts';
import { openGtop, Pty, type PtyOptions } from '../support/pty.ts';

afterEach(cleanUp);

/** The alternate screen, erased from its top; no cursor, no wrapping, pastes marked. */
const ENTER = '␛[?1049h ␛[H ␛[J ␛[?25l ␛[?7l ␛[?2004h';
/** An open frame closed, mouse and pastes off, wrapping on; looks reset on both screens; the cursor shown. */
const LEAVE = '␛[?2026l ␛[?1006l ␛[?1003l ␛[?1002l ␛[?1000l ␛[?2004l ␛[?7h ␛[m ␛[?1049l ␛[m ␛[?25h';
const GOLDEN = `${ENTER} FRAMES ${LEAVE}`;

/** What bash says about a job that was stopped. */
const BASH = '↵ [1]+ Stopped "$@" ↵';

/** Whole frames, one behind the other: each between its two marks of synchronized updates. */
const FRAMES = /(?:\x1b\[\?2026h(?:(?!\x1b\[\?2026[hl]).)*\x1b\[\?2026l)+/gs;

/** A stream with its frames folded and its escape sequences made visible, a blank between. */
const readable = (bytes: Buffer): string =>
  bytes
    .toString('utf8')
    .replaceAll(FRAMES, ' FRAMES ')
    .replaceAll(/(\x1b\[[?\d;]*[A-Za-z])/g, ' $1 ')
    .replaceAll('\x1b', '␛')
    .replaceAll('\r\n', ' ↵ ')
    .replaceAll(/ +/g, ' ')
    .trim();

/** gtop on a log that is not there: nothing but its clock changes. */
const args = (): string[] => ['--no-config', '--log', join(temporaryFolder(), 'access.log')];

async function drawn(pty: Pty): Promise<Pty> {
  await pty.waitFor('not found: waiting');
  await pty.settled();
  return pty;
}

const open = (options: PtyOptions = {}, more: readonly string[] = []): Promise<Pty> =>
  drawn(openGtop([...args(), ...more], { cols: 80, rows: 24, ...options }));

describe.each(['xterm-256color', 'screen', 'tmux-256color', 'linux', 'dumb'])('TERM=%s', (TERM) => {
  it('gets the same few modes, and all of them back', async () => {
    const pty = await open({ env: { TERM, COLORTERM: '' } });
    pty.press('q');
    await pty.exit();
    expect(readable(pty.bytes())).toBe(GOLDEN);
  });
});

describe('the way out', () => {
  it.each([['SIGINT'], ['SIGTERM'], ['SIGQUIT'], ['SIGHUP']] as const)('by %s', async (signal) => {
    const pty = await open();
    pty.kill(signal);
    await pty.exit();
    expect(readable(pty.bytes())).toBe(GOLDEN);
  });

  it('by Ctrl-C', async () => {
    const pty = await open();
    pty.press('Ctrl-C');
    await pty.exit();
    expect(readable(pty.bytes())).toBe(GOLDEN);
  });

  it('by a crash: its one line stands behind the last sequence', async () => {
    const crash = "process.on('SIGUSR2',()=>{throw(new(Error)('on\\x1bpurpose'))})";
    const pty = await open({ env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}` } });
    pty.kill('SIGUSR2');
    expect((await pty.exit()).code).toBe(1);
    expect(readable(pty.bytes())).toBe(`${GOLDEN} gtop: on\\x1bpurpose ↵`);
  });

  it('with the mouse on', async () => {
    const pty = await open({}, ['--mouse']);
    pty.press('q');
    await pty.exit();
    expect(readable(pty.bytes())).toBe(`${ENTER} ␛[?1000h ␛[?1006h FRAMES ${LEAVE}`);
  });

  it('by Ctrl-Z, and in again by fg', async () => {
    const script = '"$@"; echo stopped; fg >/dev/null; echo "status $?"';
    const pty = await drawn(new Pty(['bash', '-mc', script, 'bash', ...gtopCommand(args())], { cols: 80, rows: 24 }));
    pty.press('Ctrl-Z');
    await pty.waitFor((screen) => pty.bytes().includes('stopped') && screen.includes('not found: waiting'));
    await pty.settled();
    pty.press('q');
    await pty.exit();
    expect(readable(pty.bytes())).toBe(`${GOLDEN} ${BASH} stopped ↵ ${GOLDEN} status 0 ↵`);
  });
});
