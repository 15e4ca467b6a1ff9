/** The sink of `gtop stream`: facts as lines of JSON, written as fast as they are taken, and the place remembered. */
import { ecs } from './ecs.ts';
import type { FormatOptions, StreamFormat } from './format.ts';
import { ndjson } from './ndjson.ts';

export { filtered, type StreamFormat, type StreamPrinter } from './format.ts';
export { LineWriter } from './line-writer.ts';
export { readStateFile, writeStateFile } from './state-file.ts';

/** The forms that `--format` names. */
export const STREAM_FORMATS: Readonly<Record<string, (options: FormatOptions) => StreamFormat>> = { ndjson, ecs };
