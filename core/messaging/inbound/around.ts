import { changeConnectionStatus } from '../../accounts/status';
import { changeAccountStatus } from '../../store/statements/accounts';
import { pauseForOtherApp, resumeAfterHandover } from './conversation';
import type { EventOf, Scope } from './scope';

/** Another app takes the conversation over, or gives it to us. */
export async function recordHandover(scope: Scope, event: EventOf<'handover'>): Promise<void> {
  if (scope.person?.conversation) {
    const holder = holderAfter(scope, event);
    if (holder === 'other') await pauseForOtherApp(scope);
    if (holder === 'us') await resumeAfterHandover(scope);
  }
  await scope.append('conversation.handover', {
    data: {
      action: event.action,
      newOwnerAppId: event.newOwnerAppId,
      previousOwnerAppId: event.previousOwnerAppId,
      metadata: event.metadata,
    },
  });
}

/**
 * Who answers from now on. Without our own app id: a `pass` is told to the app that receives the conversation, a
 * `take` to the app that loses it.
 */
function holderAfter(scope: Scope, event: EventOf<'handover'>): 'us' | 'other' | 'same' {
  if (event.action === 'request' || event.action === 'roles') return 'same';
  if (scope.ownAppId !== null && event.newOwnerAppId !== null) {
    return event.newOwnerAppId === scope.ownAppId ? 'us' : 'other';
  }
  return event.action === 'pass' ? 'us' : 'other';
}

/** A comment or a mention makes nobody a contact: that begins with a conversation. */
export async function recordPublicPost(
  scope: Scope,
  event: EventOf<'comment' | 'mention'>,
): Promise<void> {
  await scope.append(event.kind === 'comment' ? 'comment.received' : 'mention.received', {
    data: {
      providerId: event.providerId,
      text: event.text,
      postId: event.postId,
      parentId: event.parentId,
      verb: event.verb,
      referral: event.referral,
      from: event.contact,
    },
  });
}

/** Known, and no message: told for those who ask for it, and of no consequence here. */
export async function recordActivity(scope: Scope, event: EventOf<'activity'>): Promise<void> {
  await scope.append('connection.activity', {
    data: {
      field: event.field,
      item: event.item,
      verb: event.verb,
      providerId: event.providerId,
      postId: event.postId,
      parentId: event.parentId,
      text: event.text,
      isOwn: event.isOwn,
      from: event.contact,
    },
  });
}

/** The provider warns, blocks or unblocks the whole account. */
export async function recordPolicy(scope: Scope, event: EventOf<'policy'>): Promise<void> {
  const { tx, account } = scope;
  const data = { action: event.action, reason: event.reason };
  if (event.action === 'unblock') {
    if (account.status === 'error') await changeAccountStatus(tx, account.id, 'active', null);
    await scope.append('connection.connected', { data });
    return;
  }
  if (event.action === 'disconnect') {
    const reason = `The provider has cut this account off: ${event.reason ?? 'no reason given'}. Connect it again.`;
    await changeConnectionStatus(tx, account.id, 'disconnected', reason);
    return;
  }
  if (event.action === 'block') {
    const reason = `The provider has blocked this account: ${event.reason ?? 'no reason given'}. See the provider's support inbox.`;
    await changeAccountStatus(tx, account.id, 'error', reason);
  }
  await scope.append('connection.error', { data });
}

export async function recordUnrecognised(
  scope: Scope,
  event: EventOf<'unrecognised'>,
): Promise<void> {
  await scope.append('provider.unrecognised', { data: { what: event.what } });
}
