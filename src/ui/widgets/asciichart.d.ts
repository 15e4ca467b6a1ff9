/** The part of asciichart (which ships no types) that is used here. */
declare module 'asciichart' {
  export interface PlotConfig {
    readonly min?: number;
    readonly max?: number;
    /** Rows from min to max, less one. */
    readonly height?: number;
    /** Columns before the line; the last of them holds the axis. */
    readonly offset?: number;
    readonly padding?: string;
    readonly format?: (value: number, row: number) => string;
    readonly symbols?: readonly string[];
  }
  const asciichart: { plot(series: readonly number[], config?: PlotConfig): string };
  export default asciichart;
}
