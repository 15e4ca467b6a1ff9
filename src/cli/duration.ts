export { parseDurationSeconds } from '../text/duration.ts';
