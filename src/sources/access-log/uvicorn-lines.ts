/**
 * uvicorn's own access lines, which a UvicornWorker writes whatever `access_log_format` says:
 * `127.0.0.1:51696 - "GET /path?q="raw" HTTP/1.1" 200`. No time, no size, no duration; quotes are not escaped; the
 * client's port is there (`uvicorn/logging.py`).
 */
import { digitsEnd, findLastByte, isAt, QUOTE, readDigits, SPACE } from './bytes.ts';
import { type Line, PLAIN } from './line.ts';

const COLON = 0x3a;
const MIDDLE = Buffer.from(' - "');

/** Fills the line. @returns the offset at which it stops being such a line, or -1 when it is one. */
export function readUvicornLine(line: Line, bytes: Buffer, start: number, end: number): number {
  line.reset('uvicorn', PLAIN);
  // The address holds no blank; behind a unix socket it is empty, and has no port.
  let middle = start;
  while (middle < end && bytes[middle] !== SPACE) middle++;
  if (!isAt(bytes, middle, end, MIDDLE)) return middle;
  const port = findLastByte(bytes, COLON, start, middle);
  if (middle > start && (port === -1 || port + 1 === middle || digitsEnd(bytes, port + 1, middle) !== middle)) {
    return middle;
  }
  const request = middle + MIDDLE.length;
  // The last quote: earlier ones belong to the path.
  const close = findLastByte(bytes, QUOTE, request, end);
  if (close === -1) return request;
  const status = close + 2;
  const statusEnd = digitsEnd(bytes, status, end);
  if (bytes[close + 1] !== SPACE || statusEnd !== status + 3) return close + 1;
  // `200 OK` on a console.
  if (statusEnd !== end && bytes[statusEnd] !== SPACE) return statusEnd;
  line.address = middle > start ? line.text(bytes, start, port) : null;
  line.status = readDigits(bytes, status, statusEnd);
  line.setRequest(bytes, request, close);
  return -1;
}
