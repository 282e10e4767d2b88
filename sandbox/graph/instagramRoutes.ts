import { actorOfAccount, type Actor } from './actor.ts';
import { listConversations, readConversation, readMessage } from './conversations.ts';
import {
  allowMethods,
  missingPermission,
  undocumented,
  unknownObject,
  unknownPath,
} from './errors.ts';
import { checkFields, parseFields } from './fields.ts';
import { sendMessage, type Accepted } from './messages.ts';
import { messengerProfile } from './messengerProfile.ts';
import { readProfile } from './profile.ts';
import { accountSubscription } from './subscriptions.ts';
import { onlyKeys } from './validation.ts';
import type { GraphCall } from './call.ts';
import type { InstagramAccount } from '../model.ts';

const ME_FIELDS = ['id', 'user_id', 'username', 'name', 'account_type', 'profile_picture_url'];

/**
 * Routes of graph.instagram.com, where an account speaks for itself: no Page, no upload of files.
 * Sources: sections A.4, A.5, B.1, B.9.
 */
export async function answerInstagram(call: GraphCall, withEcho: boolean): Promise<Accepted> {
  const [first = '', second, third] = call.segments;
  const account = call.context.store.state.instagramAccounts[call.token?.accountId ?? ''];
  if (account === undefined || third !== undefined) throw unknownPath(call);
  const actor = actorOfAccount(account.id);
  const isMe = first === 'me' || first === account.id;
  if (second === undefined) {
    allowMethods(call, ['GET']);
    return { answer: isMe ? readMe(call, account) : readNode(call, actor, first) };
  }
  if (!isMe) throw unknownObject(call.method, first);
  switch (second) {
    case 'messages':
      allowMethods(call, ['POST']);
      refuseMessagingType(call);
      return sendMessage(call, actor, withEcho);
    case 'conversations':
      allowMethods(call, ['GET']);
      return { answer: listConversations(call, actor) };
    case 'subscribed_apps':
      allowMethods(call, ['GET', 'POST', 'DELETE']);
      return { answer: accountSubscription(call, account) };
    case 'messenger_profile':
      allowMethods(call, ['GET', 'POST', 'DELETE']);
      return { answer: messengerProfile(call, actor) };
    default:
      throw unknownPath(call);
  }
}

/** `user_id` is the id of webhooks, `id` is app-scoped. Source: section A.4. */
function readMe(call: GraphCall, account: InstagramAccount): Record<string, unknown> {
  onlyKeys(call.params, ['fields'], '');
  if (!call.scopes.includes('instagram_business_basic')) {
    throw missingPermission('instagram_business_basic');
  }
  const fields = parseFields(call.params.fields) ?? [{ name: 'id' }];
  checkFields(fields, ME_FIELDS, 'IGUser');
  const all: Record<string, unknown> = {
    user_id: account.id,
    username: account.username,
    name: account.name,
    account_type: account.accountType,
    profile_picture_url: `${call.context.publicUrl()}/_sandbox/avatars/${account.id}.png`,
  };
  const answer = Object.fromEntries(fields.map(({ name }) => [name, all[name]]));
  return { ...answer, id: account.scopedId };
}

function readNode(call: GraphCall, actor: Actor, id: string): Record<string, unknown> {
  const { conversations, messages, personas } = call.context.store.state;
  const [conversation, message, persona] = [conversations[id], messages[id], personas[id]];
  if (conversation !== undefined) return readConversation(call, actor, conversation);
  if (message !== undefined) return readMessage(call, actor, message);
  if (persona !== undefined) return readProfile(call, actor, persona);
  throw unknownObject(call.method, id);
}

/** The examples of Instagram Login leave `messaging_type` out; whether it is refused is not said. */
function refuseMessagingType(call: GraphCall): void {
  const { instagramLoginMessagingType } = call.context.store.state.settings;
  const { messaging_type: type } = call.params;
  if (instagramLoginMessagingType === 'refuse' && type !== undefined && type !== 'MESSAGE_TAG') {
    throw undocumented('messaging_type is not in the examples of graph.instagram.com.');
  }
}
