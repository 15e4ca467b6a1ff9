/** The exporter: metric families as text, and the HTTP server that serves them with snapshots and gtop's own health. */
export {
  DEFAULT_LISTEN,
  exposureWarning,
  formatListenAddress,
  type ListenAddress,
  parseListenAddress,
} from './address.ts';
export type { Served } from './pages.ts';
export { type RunningServer, type ServerOptions, startServer } from './server.ts';
export { toOpenMetrics, toPrometheusText } from './text.ts';
