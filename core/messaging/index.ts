export type { MessagingContext } from './context';
export * from './inbound';
export * from './outbound';
export * from './settle';
