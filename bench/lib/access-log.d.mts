/** Writes `lines` lines of the combined format with `%(D)s`; the same ones every time. */
export function writeAccessLog(path: string, lines: number): void;
