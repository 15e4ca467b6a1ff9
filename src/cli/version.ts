declare const __GTOP_VERSION__: string | undefined;

/** Version of gtop, put in by the build from package.json; `0.0.0` when run unbuilt, as unit tests do. */
export const VERSION: string = typeof __GTOP_VERSION__ === 'string' ? __GTOP_VERSION__ : '0.0.0';
