import type { BuildOptions } from 'esbuild';

export declare const options: BuildOptions;
/** An absolute path of something in the project. */
export declare function path(relative: string): string;
