import { echo } from '../webhooks/payloads.ts';
import { addMessage, DAY_MS, findConversation, openConversation } from '../world/threads.ts';
import { actsFor, commentScopes, messagingScope, type Actor } from './actor.ts';
import { badParameter, GraphError, missingPermission, undocumented } from './errors.ts';
import { checkRecipientForm, parseMessaging, parseRecipient, type Recipient } from './envelope.ts';
import { mediaUrl } from './media.ts';
import { parseMessage } from './messageBody.ts';
import { performSenderAction } from './senderActions.ts';
import { asObject, onlyKeys, requiredText } from './validation.ts';
import { checkFeedback, checkReachable, checkWindow, unknownRecipient } from './window.ts';
import { pageOfToken, type GraphCall } from './call.ts';
import { isReadMark } from '../whatsapp/senderStatus.ts';
import { tasksOn } from '../login/tokens.ts';
import type { Comment, Conversation, Message, Persona } from '../model.ts';

/** An accepted send: what the caller hears, and the message that exists from now on. */
export interface Accepted {
  answer: Record<string, unknown>;
  message?: Message;
}

const SEND_KEYS = [
  'recipient',
  'messaging_type',
  'tag',
  'notification_type',
  'reply_to',
  'message',
  'sender_action',
  'payload',
];

/** True for a call that sends a message, not a sender action or a read mark. */
export function isMessageSend(call: Pick<GraphCall, 'method' | 'segments' | 'params'>): boolean {
  const { method, segments, params } = call;
  return (
    method === 'POST' &&
    segments[1] === 'messages' &&
    params.sender_action === undefined &&
    !isReadMark(call)
  );
}

/**
 * `POST /{page-id}/messages`: judges everything, then stores the message and queues its echo.
 * Sources: sections B.1 to B.5. @throws GraphError for the first thing that is wrong.
 */
export async function sendMessage(
  call: GraphCall,
  actor: Actor,
  withEcho: boolean,
): Promise<Accepted> {
  onlyKeys(call.params, SEND_KEYS, '');
  if (call.file !== undefined && actor.login === 'instagram') {
    throw undocumented('filedata is not offered on graph.instagram.com.');
  }
  const recipient = parseRecipient(call.params.recipient);
  const { persona, comment } = findRecipient(call, actor, recipient);
  checkPermissions(call, actor, persona, comment);
  checkRecipientForm(recipient, persona.channel);
  if (call.params.sender_action !== undefined) {
    return { answer: performSenderAction(call, recipient, persona) };
  }
  const now = call.context.store.now();
  const { channel, accountId } = persona;
  const messaging = parseMessaging(call.params, channel, recipient);
  if (call.params.payload !== undefined) {
    throw badParameter('Param payload goes with sender_action react and unreact only.');
  }
  const conversation = findConversation(call.context.store.state, persona.id);
  const replyTo = parseReplyTo(call, conversation);
  const parsed = await parseMessage(call.params.message, {
    context: call.context,
    channel,
    ownerId: actor.ownerId,
    accountId,
    ...(call.file === undefined ? {} : { file: call.file }),
  });
  checkReachable(call.app, persona);
  if (messaging.tag === 'CUSTOMER_FEEDBACK') {
    checkFeedback(call.context.store.state, conversation, parsed, now);
  }
  if (comment === undefined) checkWindow(channel, conversation, messaging.tag, now);
  else checkPrivateReply(call, comment, now);
  takeRate(
    call,
    persona,
    parsed.attachments[0]?.type,
    comment !== undefined && comment.kind !== 'live',
  );
  const { attachmentId, ...content } = parsed;
  const message = addMessage(
    call.context.store.state,
    conversation ?? openConversation(call.context.store.state, persona, now),
    now,
    {
      ...content,
      ...messaging,
      ...(replyTo === undefined ? {} : { replyTo: { mid: replyTo } }),
      ...(comment === undefined ? {} : { commentId: comment.id }),
      direction: 'out',
      appId: call.app.id,
    },
  );
  if (comment !== undefined) {
    comment.privateReplyMid = message.mid;
    call.context.phones.commentChanged(persona.id);
  }
  announce(call, message, withEcho);
  const named = recipient.by === 'user_ref' || recipient.by === 'phone_number';
  return {
    message,
    answer: {
      ...(named ? {} : { recipient_id: persona.id }),
      message_id: message.mid,
      ...(attachmentId === undefined ? {} : { attachment_id: attachmentId }),
    },
  };
}

function announce(call: GraphCall, message: Message, withEcho: boolean): void {
  const { store, webhooks, phones } = call.context;
  const conversation = store.state.conversations[message.conversationId];
  if (conversation?.typing === true) {
    conversation.typing = false;
    phones.conversationChanged(conversation);
  }
  store.changed();
  phones.messageChanged(message);
  if (withEcho) webhooks.enqueue(echo(message, mediaUrl(call.context)));
}

/** The person a recipient names, if this Page (or its Instagram account) may know the person. */
function findRecipient(
  call: GraphCall,
  actor: Actor,
  recipient: Recipient,
): { persona: Persona; comment?: Comment } {
  const { state } = call.context.store;
  if (recipient.by === 'comment_id' || recipient.by === 'post_id') {
    const comment = state.comments[recipient.value];
    const persona = comment === undefined ? undefined : state.personas[comment.personaId];
    const isPost = recipient.by === 'post_id';
    if (
      comment === undefined ||
      persona === undefined ||
      !actsFor(actor, comment.accountId) ||
      (comment.kind === 'post') !== isPost
    ) {
      throw badParameter(
        `Param recipient.${recipient.by} is not a ${isPost ? 'post' : 'comment'} of this account.`,
      );
    }
    return { persona, comment };
  }
  const persona = findPersona(call, actor, recipient);
  if (persona === undefined || !persona.known || !actsFor(actor, persona.accountId)) {
    throw unknownRecipient(
      persona?.channel ?? (actor.login === 'instagram' ? 'instagram' : 'messenger'),
    );
  }
  return { persona };
}

function findPersona(call: GraphCall, actor: Actor, recipient: Recipient): Persona | undefined {
  const { state } = call.context.store;
  if (recipient.by === 'user_ref') {
    const ref = state.userRefs[recipient.value];
    return ref !== undefined && ref.pageId === actor.pageId
      ? state.personas[ref.personaId]
      : undefined;
  }
  if (recipient.by === 'phone_number') {
    const bare = recipient.value.replace(/[^\d+]/g, '');
    return Object.values(state.personas).find(
      (item) =>
        item.channel === 'messenger' && item.accountId === actor.pageId && item.phone === bare,
    );
  }
  return state.personas[recipient.value];
}

/** Sources: sections A.3 and B.4 (permissions), B.7 (200/2534041). */
function checkPermissions(
  call: GraphCall,
  actor: Actor,
  persona: Persona,
  comment: Comment | undefined,
): void {
  const { state } = call.context.store;
  const page = pageOfToken(call);
  if (page !== undefined && !tasksOn(state, call.token, page).includes('MESSAGING')) {
    throw missingPermission('MESSAGING task');
  }
  const needed =
    comment === undefined
      ? [messagingScope(actor, persona.channel)]
      : commentScopes(actor, persona.channel);
  const missing = needed.find((scope) => !call.scopes.includes(scope));
  if (missing !== undefined) {
    throw missingPermission(missing, persona.channel === 'messenger' ? 2018027 : 2018300);
  }
  if (persona.channel === 'messenger') return;
  if (state.instagramAccounts[persona.accountId]?.allowAccessToMessages === false) {
    throw new GraphError({
      code: 200,
      subcode: 2534041,
      message: '(#200) The account owner has disabled access to instagram direct messages.',
    });
  }
}

function parseReplyTo(call: GraphCall, conversation: Conversation | undefined): string | undefined {
  if (call.params.reply_to === undefined) return undefined;
  const replyTo = asObject(call.params.reply_to, 'reply_to');
  onlyKeys(replyTo, ['mid'], 'reply_to');
  const mid = requiredText(replyTo, 'mid', 'reply_to');
  if (conversation?.mids.includes(mid) !== true) {
    throw badParameter('Param reply_to.mid is not a message of this conversation.');
  }
  return mid;
}

/** One private reply per comment, within 7 days, under a broadcast while it runs, text only. Source: section B.4. */
function checkPrivateReply(call: GraphCall, comment: Comment, now: number): void {
  const message = asObject(call.params.message, 'message');
  onlyKeys(message, ['text', 'metadata'], 'message');
  const tooLate = now - comment.createdAt > 7 * DAY_MS;
  const post = call.context.store.state.posts[comment.postId ?? ''];
  const isOver = comment.kind === 'live' && post?.isLive === false;
  if (comment.privateReplyMid === undefined && !tooLate && !isOver) return;
  const reason = tooLate
    ? 'is older than 7 days'
    : isOver
      ? 'belongs to a broadcast that is over'
      : 'already has a private reply';
  const text = `This comment ${reason}.`;
  if (call.context.store.state.settings.privateReplyErrorAs === 'code') {
    throw new GraphError({ code: 2534025, message: `(#2534025) ${text}` });
  }
  throw badParameter(text, 2534025);
}

function takeRate(
  call: GraphCall,
  persona: Persona,
  attachmentType: string | undefined,
  isPrivateReply: boolean,
): void {
  const { rates, store } = call.context;
  if (!store.state.settings.enforceRates) return;
  const { channel, accountId } = persona;
  const now = store.now();
  if (isPrivateReply) rates.take('privateReply', accountId, channel, now);
  if (channel === 'messenger') rates.take('messengerSend', accountId, channel, now);
  else {
    const heavy = attachmentType === 'audio' || attachmentType === 'video';
    rates.take(heavy ? 'instagramHeavySend' : 'instagramSend', accountId, channel, now);
  }
}
