/** Mouse reports in the SGR form (xterm's mode 1006): `ESC [ < button ; column ; row M`, `m` when released. */

export interface MouseReport {
  readonly kind: 'press' | 'release' | 'wheel-up' | 'wheel-down';
  /** 0 left, 1 middle, 2 right. */
  readonly button: number;
  /** The cell, from 0. */
  readonly x: number;
  readonly y: number;
}

const REPORT = /\x1b\[<(\d{1,4});(\d{1,5});(\d{1,5})([Mm])/g;
const UNFINISHED = /\x1b\[<[\d;]{0,16}$/;

const WHEEL = 64;
const MOTION = 32;

/** Splits input into mouse reports, other text, and the start of a report that is cut at the end. */
export function takeMouseReports(input: string): {
  readonly reports: readonly MouseReport[];
  readonly text: string;
  readonly partial: string;
} {
  if (!input.includes('\x1b[<')) return { reports: [], text: input, partial: '' };
  const reports: MouseReport[] = [];
  let text = input.replace(REPORT, (_, code: string, column: string, row: string, final: string) => {
    const report = toReport(Number(code), Number(column), Number(row), final === 'm');
    if (report !== null) reports.push(report);
    return '';
  });
  const partial = UNFINISHED.exec(text)?.[0] ?? '';
  text = text.slice(0, text.length - partial.length);
  return { reports, text, partial };
}

function toReport(code: number, column: number, row: number, released: boolean): MouseReport | null {
  if ((code & MOTION) !== 0) return null;
  const button = code & 3;
  const place = { button, x: Math.max(0, column - 1), y: Math.max(0, row - 1) };
  if ((code & WHEEL) === 0) return { kind: released ? 'release' : 'press', ...place };
  return button > 1 ? null : { kind: button === 0 ? 'wheel-up' : 'wheel-down', ...place };
}
