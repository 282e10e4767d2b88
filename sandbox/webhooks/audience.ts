import type { AppSubscription, WorldState } from '../model.ts';
import type { WebhookEvent } from './event.ts';

/** One app that hears of an event, and which of its secrets signs the webhook. */
export interface Listener {
  subscription: AppSubscription;
  signedWith: 'app' | 'instagramApp';
  /** Where its calls go instead of the address of the app's dashboard. */
  callbackUrl?: string;
}

/** Who hears of an event, or the sentences that say why nobody, or not everybody, does. */
export interface Audience {
  listeners: Listener[];
  reasons: string[];
}

/**
 * The three layers of section A.5: the app's subscription for the object, the asset's (an Instagram
 * account is covered by its Page's subscription, whose field names differ, so any subscription of the
 * Page counts; under Instagram Login the account has its own), and "Allow access to messages".
 */
export function audienceOf(state: WorldState, event: WebhookEvent): Audience {
  const account = state.instagramAccounts[event.accountId];
  const isMessaging = event.slot !== 'changes' && event.slot !== 'flat';
  if (isMessaging && account?.allowAccessToMessages === false) {
    const reason = `account ${event.accountId} does not allow access to messages`;
    return { listeners: [], reasons: [reason] };
  }
  const reasons: string[] = [];
  const ofObject = state.appSubscriptions.filter((item) => item.object === event.object);
  if (ofObject.length === 0) {
    reasons.push(`no app is subscribed to object ${event.object} (POST /_sandbox/subscriptions)`);
  }
  const listeners: Listener[] = [];
  for (const subscription of ofObject) {
    const heard = hearing(state, subscription, event);
    if (typeof heard === 'string') reasons.push(`app ${subscription.appId}: ${heard}`);
    else listeners.push({ subscription, ...heard });
  }
  return { listeners, reasons };
}

/** How an app hears of the event, or the sentence that says why it does not. */
function hearing(
  state: WorldState,
  subscription: AppSubscription,
  event: WebhookEvent,
): Omit<Listener, 'subscription'> | string {
  if (!subscription.active) return 'its subscription is disabled after an hour of failures';
  if (!subscription.fields.includes(event.field)) {
    return `its ${event.object} subscription lacks field ${event.field}`;
  }
  const app = state.apps[subscription.appId];
  const persona = event.personaId === undefined ? undefined : state.personas[event.personaId];
  if (app?.mode === 'development' && persona?.hasRole === false) {
    return 'it is in development and this person has no role on it';
  }
  const { appId } = subscription;
  if (event.object === 'whatsapp_business_account') return hearingWhatsApp(state, appId, event);
  const ofPage = whyPageIsDeaf(state, appId, event);
  if (ofPage === undefined) return { signedWith: 'app' };
  const own = state.instagramSubscriptions.find(
    (item) => item.accountId === event.accountId && item.appId === appId,
  );
  if (own?.fields.includes(event.field) === true) {
    return { signedWith: state.settings.instagramLoginSignedWith };
  }
  return own === undefined ? ofPage : `account ${event.accountId} lacks field ${event.field}`;
}

/** The business account's subscription; an address of the number goes before one of the account. Source: section D.8. */
function hearingWhatsApp(
  state: WorldState,
  appId: string,
  { accountId, numberId }: WebhookEvent,
): Omit<Listener, 'subscription'> | string {
  const { businesses, numbers } = state.whatsApp;
  const own = businesses[accountId]?.subscribedApps.find((item) => item.appId === appId);
  if (own === undefined) {
    return `business account ${accountId} is not subscribed (POST /${accountId}/subscribed_apps)`;
  }
  const override = numbers[numberId ?? '']?.overrides[appId] ?? own.override;
  return {
    signedWith: 'app',
    ...(override === undefined ? {} : { callbackUrl: override.callbackUrl }),
  };
}

/** Undefined when the Page's subscription covers the event. */
function whyPageIsDeaf(state: WorldState, appId: string, event: WebhookEvent): string | undefined {
  const pageId = pageOf(state, event);
  if (pageId === undefined) {
    return `no Page holds account ${event.accountId}, and it is not subscribed itself (POST /me/subscribed_apps on graph.instagram.com)`;
  }
  const ofPage = state.pageSubscriptions.find(
    (item) => item.pageId === pageId && item.appId === appId,
  );
  if (ofPage === undefined) {
    return `Page ${pageId} is not subscribed (POST /${pageId}/subscribed_apps)`;
  }
  if (event.object === 'page' && !ofPage.fields.includes(event.field)) {
    return `Page ${pageId} is not subscribed to field ${event.field}`;
  }
  return undefined;
}

function pageOf(state: WorldState, event: WebhookEvent): string | undefined {
  if (event.object === 'page') return state.pages[event.accountId]?.id;
  return Object.values(state.pages).find((page) => page.instagramAccountId === event.accountId)?.id;
}
