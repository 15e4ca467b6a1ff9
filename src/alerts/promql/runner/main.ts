/** A question per line of standard input, an answer per line of standard output, until the input ends. */
import { createInterface } from 'node:readline';
import { answer } from './answer.ts';

process.stdout.on('error', () => process.exit(0));
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.trim() !== '') process.stdout.write(`${answer(line)}\n`);
}
