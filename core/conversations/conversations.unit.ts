import {
  appendTo,
  handOverSettings,
  pauseAutomation,
  resumeAutomation,
} from '../messaging/automation';
import { automationOf } from '../messaging/item';
import {
  findListedConversation,
  listConversationPage,
  listMessagePage,
  type ActivityCursor,
  type ConversationFilter,
} from '../store/statements/conversationPages';
import {
  lockConversationById,
  updateConversation,
  type ConversationChange,
  type ConversationRow,
} from '../store/statements/conversations';
import type { MessageRow } from '../store/statements/messages';
import { tenantUnit, type TenantTx } from '../store/unit';
import { toConversationItem, type ConversationItem } from './item';
import { partnerIn } from './people';

export const readConversation = tenantUnit(
  __filename,
  'readConversation',
  async (tx, { id }: { id: string }): Promise<ConversationItem | null> => await itemOf(tx, id),
);

export const readConversationPage = tenantUnit(
  __filename,
  'readConversationPage',
  async (
    tx,
    args: { filter: ConversationFilter; after: ActivityCursor | null; limit: number },
  ): Promise<{ items: ConversationItem[]; next: ActivityCursor | null }> => {
    const { rows, next } = await listConversationPage(tx, args.filter, args.after, args.limit);
    return { items: rows.map((row) => toConversationItem(row, tx.now)), next };
  },
  { durability: 'normal' },
);

/** @returns null when there is no such conversation */
export const readMessagePage = tenantUnit(
  __filename,
  'readMessagePage',
  async (
    tx,
    args: {
      conversationId: string;
      order: 'asc' | 'desc';
      after: { at: number; id: string } | null;
      limit: number;
    },
  ): Promise<{ conversation: ConversationItem; rows: MessageRow[] } | null> => {
    const conversation = await itemOf(tx, args.conversationId);
    return conversation && { conversation, rows: await listMessagePage(tx, args) };
  },
  { durability: 'normal' },
);

/** What an operation does to a conversation. */
export type ConversationOrder =
  | { kind: 'close' }
  | { kind: 'reopen' }
  | { kind: 'assign'; assignee: string | null }
  /** @property until epoch ms; null = until it is given back; undefined = as long as the tenant's settings say */
  | { kind: 'handOver'; reason: string; until?: number | null }
  | { kind: 'resume' };

export interface ChangedConversation {
  item: ConversationItem;
  /** false: it was so already, and nothing was told. */
  changed: boolean;
}

/** Changes it and tells what changed, once. @returns null when there is no such conversation */
export const changeConversation = tenantUnit(
  __filename,
  'changeConversation',
  async (
    tx,
    { id, order }: { id: string; order: ConversationOrder },
  ): Promise<ChangedConversation | null> => {
    const conversation = await lockConversationById(tx, id);
    const found = conversation && (await partnerIn(tx, conversation));
    if (!found) return null;
    const append = appendTo(tx, found.account, found.person);
    const tell = (data: Record<string, unknown>) =>
      append('conversation.updated', { data, raw: null });
    const changed = await obey(tx, conversation, order, { append, tell });
    const item = await itemOf(tx, id);
    return item && { item, changed };
  },
);

interface Voice {
  append: ReturnType<typeof appendTo>;
  /** Appends conversation.updated. */
  tell: (data: Record<string, unknown>) => Promise<unknown>;
}

async function obey(
  tx: TenantTx,
  conversation: ConversationRow,
  order: ConversationOrder,
  voice: Voice,
): Promise<boolean> {
  switch (order.kind) {
    case 'close':
      return close(tx, conversation, voice);
    case 'reopen':
      if (conversation.status === 'open') return false;
      await change(tx, conversation, { status: 'open', closed_at: null });
      await voice.tell({ changed: ['status'] });
      return true;
    case 'assign':
      if (conversation.assignee === order.assignee) return false;
      await change(tx, conversation, { assignee: order.assignee });
      await voice.tell({ changed: ['assignee'], assignee: order.assignee });
      return true;
    case 'handOver':
      return handOver(tx, conversation, order, voice);
    case 'resume':
      return resumeAutomation(tx, conversation, { reason: 'operation', at: tx.now }, voice.append);
  }
}

/** Who closes a conversation is done with it: what the contact writes next begins anew, with automation. */
async function close(tx: TenantTx, conversation: ConversationRow, { append }: Voice) {
  if (conversation.status === 'closed') return false;
  await resumeAutomation(tx, conversation, { reason: 'closed', at: tx.now }, append);
  await change(tx, conversation, { status: 'closed', closed_at: tx.now });
  await append('conversation.closed', { data: {}, raw: null });
  return true;
}

/** Where a person has it already, the newest word on why and until when counts. */
async function handOver(
  tx: TenantTx,
  conversation: ConversationRow,
  { reason, until: given }: Extract<ConversationOrder, { kind: 'handOver' }>,
  { append, tell }: Voice,
): Promise<boolean> {
  const { minutes } = await handOverSettings(tx);
  const usual = minutes === 0 ? null : tx.now + minutes * 60_000;
  const until = given === undefined ? usual : given;
  const before = automationOf(conversation, tx.now);
  if (await pauseAutomation(tx, conversation, { reason, until, at: tx.now }, append)) return true;
  const after = automationOf(conversation, tx.now);
  if (before.reason === after.reason && before.until === after.until) return false;
  await tell({ changed: ['automation'] });
  return true;
}

async function change(tx: TenantTx, conversation: ConversationRow, what: ConversationChange) {
  Object.assign(conversation, what);
  await updateConversation(tx, conversation.id, what);
}

async function itemOf(tx: TenantTx, id: string): Promise<ConversationItem | null> {
  const row = await findListedConversation(tx, id);
  return row ? toConversationItem(row, tx.now) : null;
}
