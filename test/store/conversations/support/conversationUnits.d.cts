import type {
  ActivityCursor,
  ConversationFilter,
} from '../../../../core/store/statements/conversationPages';
import type { EventSelection } from '../../../../core/store/statements/events';
import type { TenantUnit } from '../../../../core/store/unit';

interface Explained<R> {
  result: R;
  /** One for each query, in order. */
  plans: string[];
}

export const fill: TenantUnit<{ conversations: number; messagesEach: number }, void>;
export const explainConversations: TenantUnit<
  { filter: ConversationFilter; after: ActivityCursor | null; limit: number },
  Explained<{ ids: string[]; next: ActivityCursor | null }>
>;
export const explainMessages: TenantUnit<
  {
    conversationId: string;
    order: 'asc' | 'desc';
    after: { at: number; id: string } | null;
    limit: number;
  },
  Explained<number>
>;
export const explainUndelivered: TenantUnit<
  {
    consumerId: string;
    selection: EventSelection;
    conversationId: string;
    afterSeq: number;
    limit: number;
  },
  Explained<number>
>;
export const knowIdentity: TenantUnit<
  { accountId: string; externalId: string; contactId: string },
  void
>;
