/** Classical JSON rules. */
export { type ClassicFile, isClassic, type LoadedClassic, readClassicFile } from './file.ts';
