import { readFile, stat } from 'node:fs/promises';
import { inspect } from 'node:util';

/** What is shown in the place of every secret. */
export const HIDDEN = '<secret>';

/** Text that never shows by accident: strings, JSON, YAML and `inspect` give `<secret>`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one place that sends it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** Where a secret comes from: `url`, `url_file` or `url_env` of a channel. */
export type SecretSource =
  | { readonly inline: Secret }
  | { readonly file: string }
  /** Name of an environment variable. */
  | { readonly env: string };

/** A secret or a certificate that is not there. The message names the file or the variable, never the content. */
export class FileMissing extends Error {}

/** Larger files are neither secrets nor certificates but mistakes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a secret at the moment it is needed: a file may be exchanged while gtop runs. White space around it is dropped,
 * for editors end files with a newline.
 *
 * @throws FileMissing
 */
export async function readSecret(source: SecretSource): Promise<Secret> {
  if ('inline' in source) return source.inline;
  if ('env' in source) {
    const text = process.env[source.env]?.trim();
    if (!text) throw new FileMissing(`the environment variable ${source.env} is not set`);
    return new Secret(text);
  }
  const text = await readSmallFile(source.file);
  if (text === '') throw new FileMissing(`${source.file}: is empty`);
  return new Secret(text);
}

/** Text of a small regular file, without the white space around it. @throws FileMissing */
export async function readSmallFile(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    if (!stats.isFile() || stats.size > MAX_BYTES) throw new FileMissing(`${path}: is no small file`);
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (error instanceof FileMissing) throw error;
    throw new FileMissing(`${path}: ${SAID[(error as NodeJS.ErrnoException).code ?? ''] ?? 'cannot be read'}`);
  }
}

const SAID: Readonly<Record<string, string>> = { ENOENT: 'no such file', EACCES: 'permission denied' };
