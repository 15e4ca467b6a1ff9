import type { AccessRecord } from '../../../../src/model/facts.ts';
import { AccessLogParser } from '../../../../src/sources/access-log/index.ts';

/** What a parser makes of these lines. @param final nothing comes after them. */
export function parse(lines: readonly (string | Buffer)[], format = 'auto', final = true) {
  const records: AccessRecord[] = [];
  const rejected: string[] = [];
  const parser = new AccessLogParser({
    format,
    onRecord: (record) => records.push({ ...record, target: record.target }),
    onRejected: (reason) => rejected.push(reason),
  });
  const bytes = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
  parser.push(bytes, 0, bytes.length);
  parser.settle(final);
  return { records, rejected, info: parser.info, parser };
}
