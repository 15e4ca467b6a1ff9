/** Mail over SMTP. nodemailer is loaded when the first mail is due. */
import * as v from 'valibot';
import type { Batch } from '../alert.ts';
import { type Channel, failed, type Outcome, refused } from '../channel.ts';
import { FileMissing, readSecret, readSmallFile } from '../secret.ts';
import { atMostOne, channelSchema, line, PASSWORD_ENTRIES, sourceOf, words } from '../settings.ts';
import { cut, paragraphOf, titleOf } from '../text.ts';
import { sayError } from '../trouble.ts';

const address = v.pipe(line, v.includes('@', 'must be a mail address'));
/** Not the address of a login, whose password would be shown. */
const host = v.pipe(line, v.regex(/^[\p{L}\p{N}._:[\]-]+$/u, 'must be the name of a host, like smtp.example.org'));
const PORT_COMPLAINT = 'must be a port from 1 to 65535';

export const schema = v.pipe(
  channelSchema('email', {
    host,
    port: v.optional(
      v.pipe(
        v.number(PORT_COMPLAINT),
        v.integer(PORT_COMPLAINT),
        v.minValue(1, PORT_COMPLAINT),
        v.maxValue(65_535, PORT_COMPLAINT),
      ),
    ),
    /** `starttls` insists on it, so that nobody on the way can talk the server out of it; `implicit` is port 465's. */
    tls: v.optional(v.picklist(['starttls', 'implicit', 'none'], 'must be starttls, implicit or none'), 'starttls'),
    username: v.optional(line),
    ...PASSWORD_ENTRIES,
    from: address,
    to: v.pipe(
      v.union([address, v.array(address)], 'must be a mail address or a list of them'),
      v.transform((to) => (typeof to === 'string' ? [to] : to)),
      v.minLength(1, 'must be a mail address or a list of them'),
    ),
    ca_file: v.optional(words('must be the path of a file')),
  }),
  atMostOne('password'),
);

type Settings = v.InferOutput<typeof schema>;

const PORTS: Readonly<Record<Settings['tls'], number>> = { starttls: 587, implicit: 465, none: 25 };

export function create(name: string, config: Settings): Channel {
  return {
    name,
    type: config.type,
    maxAlerts: 100,
    async send(batch, signal) {
      try {
        return await mail(config, batch, signal);
      } catch (error) {
        if (error instanceof FileMissing) return failed(error.message);
        return signal.aborted ? failed('no answer in time') : outcomeOf(error);
      }
    },
  };
}

async function mail(config: Settings, batch: Batch, signal: AbortSignal): Promise<Outcome> {
  const { host, port, tls, username, ca_file, from, to, timeout } = config;
  const { createTransport } = await import('nodemailer');
  const password = sourceOf(config, 'password');
  const transport = createTransport({
    host,
    port: port ?? PORTS[tls],
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(username === undefined
      ? {}
      : { forceAuth: true, auth: { user: username, pass: password ? (await readSecret(password)).reveal() : '' } }),
    ...(ca_file === undefined ? {} : { tls: { ca: await readSmallFile(ca_file) } }),
    connectionTimeout: timeout * 1000,
    greetingTimeout: timeout * 1000,
    socketTimeout: timeout * 1000,
    dnsTimeout: timeout * 1000,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { rejected } = await transport.sendMail({ ...mailOf(batch), from, to, signal });
    return rejected.length === 0
      ? { ok: true }
      : { ok: true, remark: `the server refused ${rejected.length} of ${to.length} recipients` };
  } finally {
    transport.close();
  }
}

const MAX_SUBJECT = 200;

/** Subject and text. Neither holds a line break that a stranger wrote, so no header can be forged. */
function mailOf({ alerts }: Batch) {
  return {
    subject: cut(`[gtop] ${titleOf(alerts)}`, MAX_SUBJECT),
    text: `${alerts.map((alert) => paragraphOf(alert).join('\n')).join('\n\n')}\n`,
    // No out-of-office answers, please (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** What nodemailer adds to an error. */
interface MailError extends NodeJS.ErrnoException {
  /** Of the server's answer. */
  readonly responseCode?: number;
  /** What the server answered to. */
  readonly command?: string;
  /** Of the system error behind it. */
  readonly originalCode?: string;
}

/** The server's own words are left out: it may quote what was sent to it. */
function outcomeOf(error: unknown): Outcome {
  const { code, responseCode, command, originalCode } = error as MailError;
  if (responseCode !== undefined) {
    const said =
      code === 'EAUTH' ? `login refused (${responseCode})` : `the server answers ${responseCode} to ${stepOf(command)}`;
    return responseCode >= 500 ? refused(said) : failed(said);
  }
  if (code === 'EAUTH') return refused('login failed: the server offers no way that fits');
  if (code === 'EENVELOPE') return refused('an address is not valid');
  if (code === 'ETIMEDOUT') return failed('no answer in time');
  if (originalCode !== undefined) return failed(sayError(Object.assign(new Error(), { code: originalCode })));
  return failed(sayError(error));
}

const STEPS = ['CONN', 'EHLO', 'HELO', 'STARTTLS', 'MAIL FROM', 'RCPT TO', 'DATA'];

const stepOf = (command: string | undefined): string =>
  command !== undefined && STEPS.includes(command) ? command : 'the message';
