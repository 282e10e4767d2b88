import type { Referral } from '../../model';
import { updateConversation, type ConversationChange } from '../../store/statements/conversations';
import { askForProfile } from '../../store/statements/profiles';
import {
  endOverduePause,
  HANDED_OVER,
  pauseAutomation,
  resumeAutomation,
  type Append,
} from '../automation';
import { partnerOf, type Scope } from './scope';

/**
 * What an action of the customer does to their conversation: it opens (or moves on) the window, opens the
 * conversation again if it was closed, and may tell where the customer came from. An event that comes late moves
 * nothing backwards. With the first one, their profile is read soon if no name came with it.
 */
export async function noteCustomerAction(scope: Scope, referral: Referral | null): Promise<void> {
  const { conversation, contact, externalId } = partnerOf(scope);
  const isFirst = conversation.last_inbound_at === null;
  const { event, windowMs } = scope.prepared;
  await endOverduePause(scope.tx, conversation, scope.append);
  const reopened = conversation.status === 'closed';
  const change: ConversationChange = {
    last_inbound_at: Math.max(conversation.last_inbound_at ?? 0, event.occurredAt),
    ...(windowMs === null
      ? {}
      : {
          window_closes_at: Math.max(
            conversation.window_closes_at ?? 0,
            event.occurredAt + windowMs,
          ),
        }),
    ...(reopened ? { status: 'open', closed_at: null } : {}),
    ...(referral ? { referral: JSON.stringify(referral) } : {}),
  };
  Object.assign(conversation, change);
  await updateConversation(scope.tx, conversation.id, change);
  // Providers tell who somebody is once they have written, and not before.
  if (isFirst && contact.name === null) {
    await askForProfile(scope.tx, { accountId: scope.account.id, externalId });
  }
  if (reopened) {
    await scope.append('conversation.updated', { data: { changed: ['status'] }, raw: null });
  }
}

/** Another app of the provider holds the conversation: its own event tells of it. */
export async function pauseForOtherApp(scope: Scope): Promise<void> {
  const { prepared, tx } = scope;
  const pause = { reason: HANDED_OVER, until: null, at: prepared.event.occurredAt };
  await pauseAutomation(tx, partnerOf(scope).conversation, pause, UNTOLD);
}

/** Ends the pause that a hand-over began; one that was set for another reason stays. */
export async function resumeAfterHandover(scope: Scope): Promise<void> {
  const { conversation } = partnerOf(scope);
  if (conversation.automation_reason !== HANDED_OVER) return;
  const resumption = { reason: HANDED_OVER, at: scope.prepared.event.occurredAt };
  await resumeAutomation(scope.tx, conversation, resumption, UNTOLD);
}

const UNTOLD: Append = async () => undefined;
