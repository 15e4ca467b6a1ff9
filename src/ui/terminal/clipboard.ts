/** Handing text to the terminal's clipboard (OSC 52 of xterm): works over SSH, for the terminal does it. */

/** Terminals drop what is longer; in bytes of UTF-8. */
const MOST_BYTES = 8192;

/** The only OSC that gtop ever writes. Ended by ST and not by BEL, which some terminals sound. */
export function osc52(text: string): string {
  const bytes = Buffer.from(text);
  // A character cut in two becomes U+FFFD, which is left out again.
  const cut =
    bytes.length <= MOST_BYTES
      ? bytes
      : Buffer.from(
          bytes
            .subarray(0, MOST_BYTES)
            .toString()
            .replace(/\uFFFD$/, ''),
        );
  return `\x1b]52;c;${cut.toString('base64')}\x1b\\`;
}

export interface ClipboardOutput {
  /** Still writing a frame: another text would be refused. */
  readonly busy: boolean;
  write(text: string): void;
}

/** @returns false where the terminal takes nothing now. */
export function copyByTerminal(output: ClipboardOutput, text: string): boolean {
  if (output.busy) return false;
  output.write(osc52(text));
  return true;
}
