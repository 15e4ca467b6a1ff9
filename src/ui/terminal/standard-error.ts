/** Standard error while the screen belongs to the dashboard. */

/** Characters kept; of more the oldest go. */
const LIMIT = 16 * 1024;

/**
 * Keeps back what is written to `process.stderr` (warnings of Node, a library's complaint): on the screen it would
 * smear over the cells, and on a terminal that does not read it would block for ever.
 * @returns ends it and hands over what was kept.
 */
export function holdStandardError(): () => string {
  const { stderr } = process;
  const write = stderr.write;
  let held = '';
  const keep = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    held = (held + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).slice(-LIMIT);
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(() => done());
    return true;
  };
  stderr.write = keep;
  return () => {
    stderr.write = write;
    return held;
  };
}
