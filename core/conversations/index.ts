export { continueOn, type ContinueInput, type ContinueResult } from './continueOn';
export {
  getConversation,
  listConversations,
  listMessages,
  orderConversation,
  type ChangedConversation,
  type ConversationItem,
  type ConversationOrder,
  type ConversationsContext,
  type ListConversationsInput,
  type MessageItem,
} from './conversations';
