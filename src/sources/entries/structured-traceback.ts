/**
 * Tracebacks as objects (structlog's `dict_tracebacks`): a list of exceptions, the last raised first, each with its
 * frames. Written out the way Python prints them, so that everything behind knows one form.
 */
import { isRecord } from './records.ts';

/** Python prints a chain from its beginning, and so much between two of its exceptions. */
const CAUSE = '\nThe above exception was the direct cause of the following exception:\n';
const CONTEXT = '\nDuring handling of the above exception, another exception occurred:\n';
const MOST_EXCEPTIONS = 20;
const MOST_FRAMES = 200;

/** Null for what is no such list. */
export function pythonTraceback(value: unknown): string | null {
  if (!Array.isArray(value)) return null;
  const exceptions = value.slice(0, MOST_EXCEPTIONS).filter(isRecord);
  if (exceptions.length === 0 || exceptions.some((one) => typeof one.exc_type !== 'string')) return null;
  return exceptions
    .reverse()
    .map((one, index) => {
      const join = index === 0 ? '' : `${exceptions[index - 1]?.is_cause === true ? CAUSE : CONTEXT}\n`;
      return `${join}${oneException(one)}`;
    })
    .join('\n');
}

function oneException({ exc_type: type, exc_value: message, frames }: Record<string, unknown>): string {
  const lines = (Array.isArray(frames) ? frames : [])
    .slice(-MOST_FRAMES)
    .filter(isRecord)
    .map(({ filename, lineno, name }) => `  File "${filename}", line ${lineno}, in ${name}`);
  const text = typeof message === 'string' && message !== '' ? `: ${message}` : '';
  return ['Traceback (most recent call last):', ...lines, `${type}${text}`].join('\n');
}
