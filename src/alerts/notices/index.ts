/** Notices: what is sent to people and programs when alerts fire and resolve. */
export type { Batch, ClassicalNotice, NotifiableAlert } from './alert.ts';
export type { Channel, Outcome } from './channel.ts';
export type { ChannelConfig } from './channels/index.ts';
export { type ClassicalChannels, classicalChannels } from './classical.ts';
export { type NotifyConfig, notifySchema, notifyWarnings, packChannels, unpackChannels } from './config.ts';
export {
  type AlertDelivery,
  type ChannelStatus,
  Notifier,
  type NotifierOptions,
  type NotifierStatus,
} from './notifier.ts';
export type { NoticeLine } from './outbox.ts';
export { Secret } from './secret.ts';
export type { NotifierState } from './state.ts';
export { sendTestNotices, type TestResult } from './test-notice.ts';
