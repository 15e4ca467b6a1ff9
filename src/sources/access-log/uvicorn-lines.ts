/**
 * uvicorn's own access lines, which a UvicornWorker writes whatever `access_log_format` says:
 * `127.0.0.1:51696 - "GET /path?q="raw" HTTP/1.1" 200`. No time, no size, no duration; quotes are not escaped; the
 * client's port is there.
 */
import { digitsEnd, type Line, readNumber } from './line.ts';

const COLON = 0x3a;
const MIDDLE = Buffer.from(' - "');
const CLOSE = Buffer.from('" ');

/** Fills the line. @returns the offset at which it stops being such a line, or -1 when it is one. */
export function readUvicornLine(line: Line, bytes: Buffer, start: number, end: number): number {
  const middle = bytes.indexOf(MIDDLE, start);
  if (middle === -1 || middle >= end) return start;
  const port = bytes.lastIndexOf(COLON, middle);
  if (port < start || digitsEnd(bytes, port + 1, middle) !== middle || port + 1 === middle) return start;
  // The last quote before the status: earlier ones belong to the path.
  const close = bytes.lastIndexOf(CLOSE, end - CLOSE.length);
  if (close <= middle + MIDDLE.length) return middle;
  const statusEnd = digitsEnd(bytes, close + CLOSE.length, end);
  if (statusEnd - close !== CLOSE.length + 3) return close + CLOSE.length;
  // `200 OK` on the console.
  if (statusEnd !== end && bytes[statusEnd] !== 0x20) return statusEnd;
  line.address = line.text(bytes, start, port);
  line.status = readNumber(bytes, close + CLOSE.length, statusEnd);
  line.setRequest(bytes, middle + MIDDLE.length, close);
  return -1;
}
