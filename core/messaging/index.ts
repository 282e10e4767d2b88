export * from './catchUp/catchUp';
export type { MessagingContext } from './context';
export * from './emit';
export * from './inbound';
export { keepForLater, type KeptContent, type KeptMessage } from './later';
export * from './outbound';
export * from './privateReply';
export * from './receivedFiles';
export * from './settle';
