import type { AppSubscription, WorldState } from '../model.ts';
import type { WebhookEvent } from './event.ts';

/** Who hears of an event, or the sentence that says why nobody does. */
export interface Audience {
  subscriptions: AppSubscription[];
  reasons: string[];
}

/**
 * The three layers of section A.5: the app's subscription for the object, the Page's subscribed
 * fields (an Instagram account is covered by its Page's subscription, whose field names differ, so any
 * subscription of the Page counts), and the Instagram switch "Allow access to messages".
 */
export function audienceOf(state: WorldState, event: WebhookEvent): Audience {
  const reasons: string[] = [];
  const pageId = pageOf(state, event);
  if (pageId === undefined) {
    return { subscriptions: [], reasons: [`no Page holds account ${event.accountId}`] };
  }
  const account = state.instagramAccounts[event.accountId];
  if (
    event.slot !== 'changes' &&
    event.slot !== 'flat' &&
    account?.allowAccessToMessages === false
  ) {
    return {
      subscriptions: [],
      reasons: [`account ${event.accountId} does not allow access to messages`],
    };
  }
  const ofObject = state.appSubscriptions.filter((item) => item.object === event.object);
  if (ofObject.length === 0) {
    reasons.push(`no app is subscribed to object ${event.object} (POST /_sandbox/subscriptions)`);
  }
  const subscriptions = ofObject.filter((item) => {
    const reason = whyDeaf(state, item, event, pageId);
    if (reason !== undefined) reasons.push(`app ${item.appId}: ${reason}`);
    return reason === undefined;
  });
  return { subscriptions, reasons };
}

function whyDeaf(
  state: WorldState,
  subscription: AppSubscription,
  event: WebhookEvent,
  pageId: string,
): string | undefined {
  if (!subscription.active) return 'its subscription is disabled after an hour of failures';
  if (!subscription.fields.includes(event.field)) {
    return `its ${event.object} subscription lacks field ${event.field}`;
  }
  const ofPage = state.pageSubscriptions.find(
    (item) => item.pageId === pageId && item.appId === subscription.appId,
  );
  if (ofPage === undefined) {
    return `Page ${pageId} is not subscribed (POST /${pageId}/subscribed_apps)`;
  }
  if (event.object === 'page' && !ofPage.fields.includes(event.field)) {
    return `Page ${pageId} is not subscribed to field ${event.field}`;
  }
  const app = state.apps[subscription.appId];
  const persona = event.personaId === undefined ? undefined : state.personas[event.personaId];
  if (app?.mode === 'development' && persona?.hasRole === false) {
    return 'it is in development and this person has no role on it';
  }
  return undefined;
}

function pageOf(state: WorldState, event: WebhookEvent): string | undefined {
  if (event.object === 'page') return state.pages[event.accountId]?.id;
  return Object.values(state.pages).find((page) => page.instagramAccountId === event.accountId)?.id;
}
