/** Readers: each turns the bytes of one line into a Line, or says why it cannot. */
import type { DurationUnit } from '../../model/snapshot.ts';
import { DEFAULT_FORMAT, parseFormat, type Token } from './format.ts';
import { readJsonLine } from './json-lines.ts';
import type { Line } from './line.ts';
import { compile, type Scanner } from './scanner.ts';
import type { StampReader } from './timestamp.ts';
import { readTrailing, type TrailingFields } from './trailing.ts';
import { readUvicornLine } from './uvicorn-lines.ts';

export interface Reader {
  /** What the log turned out to be, as far as it is known by now. */
  readonly format: string;
  /** The unit that the format itself fixes; null when there is no duration, or nothing that tells its unit. */
  readonly unit: DurationUnit | null;
  /** Fills `line` from [start, end). @returns null, or why it cannot. */
  read(line: Line, bytes: Buffer, start: number, end: number, stamps: StampReader): string | null;
}

const COMMON_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s';

function tokensOf(format: string): readonly Token[] {
  const parsed = parseFormat(format);
  if (!parsed.ok) throw new Error(`access log format: ${parsed.message}`);
  return parsed.tokens;
}

const complaint = ({ failure }: Scanner, start: number): string =>
  `column ${failure.offset - start + 1}: expected ${failure.expected}`;

/** Lines of one format, verbatim. */
export function formatReader(format: string): Reader {
  const scanner = compile(tokensOf(format));
  return {
    format,
    unit: scanner.durationUnit,
    read(line, bytes, start, end, stamps) {
      if (scanner.scan(line, bytes, start, end, stamps) === -1) return complaint(scanner, start);
      line.judge();
      return null;
    },
  };
}

/** The common and combined formats, with whatever stands behind them. */
export function combinedReader(): Reader {
  const combined = compile(tokensOf(DEFAULT_FORMAT), true);
  const common = compile(tokensOf(COMMON_FORMAT), true);
  const found: TrailingFields = { duration: null, unit: null, worker: false };
  let name = 'combined';
  let hasUnitless = false;
  return {
    get format() {
      const duration = hasUnitless ? ' + duration' : found.duration ? ` + ${found.duration}` : '';
      return name + duration + (found.worker ? ' + %(p)s' : '');
    },
    get unit() {
      return found.unit;
    },
    read(line, bytes, start, end, stamps) {
      let behind = combined.scan(line, bytes, start, end, stamps);
      const isCombined = behind !== -1;
      if (!isCombined) {
        behind = common.scan(line, bytes, start, end, stamps);
        if (behind === -1) return complaint(common, start);
      }
      name = isCombined ? 'combined' : 'common';
      if (behind < end) readTrailing(line, bytes, behind, end, found);
      hasUnitless ||= !Number.isNaN(line.unitless);
      line.judge();
      return null;
    },
  };
}

export function jsonReader(): Reader {
  return { format: 'json', unit: null, read: readJsonLine };
}

export function uvicornReader(): Reader {
  return {
    format: 'uvicorn',
    unit: null,
    read(line, bytes, start, end) {
      const stop = readUvicornLine(line, bytes, start, end);
      return stop === -1 ? null : `column ${stop - start + 1}: expected a uvicorn access line`;
    },
  };
}
