export type * from './broadcast';
export type { BroadcastAction } from './broadcasts.unit';
export * from './control';
export * from './drafts';
export { previewBroadcast, type Preview, type PreviewedMessage } from './preview';
export { runDueBroadcasts } from './run';
