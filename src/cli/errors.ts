/** An error that the person at the terminal can mend: one line, no stack trace, an exit code of its own. */
export class ReportedError extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
  ) {
    super(message);
  }
}

/** Wrong usage: flag, format string, config key, rule. Exit code 2. */
export const usageError = (message: string): ReportedError => new ReportedError(message, 2);

/** Something that is not as it must be: missing or unreadable file, bad pid. Exit code 1. */
export const runtimeError = (message: string): ReportedError => new ReportedError(message, 1);
