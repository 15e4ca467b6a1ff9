/** The demo's files, and the lines that Gunicorn writes into them (gunicorn/glogging.py). */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface DemoFiles {
  readonly pidFile: string;
  readonly accessLog: string;
  readonly errorLog: string;
}

export function demoFiles(dir: string): DemoFiles {
  return { pidFile: join(dir, 'demo.pid'), accessLog: join(dir, 'access.log'), errorLog: join(dir, 'error.log') };
}

/** One request as the access log shows it. */
export interface AccessLine {
  readonly address: string;
  readonly requestLine: string;
  readonly status: number;
  readonly bytes: number;
  readonly referrer: string;
  readonly userAgent: string;
  readonly microseconds: number;
}

/** Both logs, opened for appending: one write for each line, as Gunicorn does. */
export class DemoLogs {
  readonly #files: DemoFiles;
  #access: number;
  #error: number;

  constructor(dir: string) {
    this.#files = demoFiles(dir);
    // Gunicorn opens them in this order.
    this.#error = openSync(this.#files.errorLog, 'a');
    this.#access = openSync(this.#files.accessLog, 'a');
  }

  /** A line of `%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %(p)s`. */
  access(line: AccessLine): void {
    const { address, requestLine, status, bytes, referrer, userAgent, microseconds } = line;
    const field = (text: string) => `"${text.replaceAll('"', '\\"')}"`;
    writeSync(
      this.#access,
      `${address} - - ${accessTime(new Date())} ${field(requestLine)} ${status} ${bytes} ` +
        `${field(referrer)} ${field(userAgent)} ${Math.round(microseconds)} <${process.pid}>\n`,
    );
  }

  error(level: 'INFO' | 'ERROR' | 'CRITICAL', message: string): void {
    writeSync(this.#error, `[${errorTime(new Date())}] [${process.pid}] [${level}] ${message}\n`);
  }

  /** What SIGUSR1 asks for after a rotation. */
  reopen(): void {
    closeSync(this.#error);
    closeSync(this.#access);
    this.#error = openSync(this.#files.errorLog, 'a');
    this.#access = openSync(this.#files.accessLog, 'a');
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number) => String(number).padStart(2, '0');

/** `[21/Nov/2026:04:48:35 +0000]` in local time. */
export function accessTime(at: Date): string {
  return `[${two(at.getDate())}/${MONTHS[at.getMonth()]}/${at.getFullYear()}:${clock(at)} ${offset(at)}]`;
}

/** `2026-11-21 04:48:35 +0000` in local time. */
export function errorTime(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(at)} ${offset(at)}`;
}

function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
