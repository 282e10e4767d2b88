import {
  CLINIC,
  makePersona,
  SEED_INSTAGRAM_ACCOUNTS,
  SEED_PAGES,
  SEED_USERS,
  seedPeople,
} from './seedClinic.ts';
import { seedNotificaMe } from './notificame/seed.ts';
import { CLINIC_WHATSAPP, seedWhatsApp, WHATSAPP_PEOPLE } from './whatsapp/seed.ts';
import { WHATSAPP_SCOPES } from './whatsapp/scopes.ts';
import { SEED_POSTS } from './seedPosts.ts';
import { seedGoogle } from './google/seed.ts';
import { defaultSettings } from './settings.ts';
import type { App, Token, WorldState } from './model.ts';

export { makePersona } from './seedClinic.ts';

/** Every id, name and secret here is invented; they are the same in every fresh sandbox. */
export const SEED = {
  appId: '555000111222333',
  appSecret: 'sandbox-app-secret-for-tests-only',
  verifyToken: 'sandbox-verify-token',
  pageId: CLINIC.pageId,
  instagramAccountId: CLINIC.instagramAccountId,
  userId: CLINIC.userId,
  pageToken: 'EAAGsandboxPageTokenClinicaSorriso0001',
  userToken: 'EAAGsandboxUserTokenClinicaSorriso0001',
  configId: '700800900100200',
  instagramAppId: '444000111222333',
  instagramAppSecret: 'sandbox-instagram-app-secret-for-tests-only',
  /** The account that has no Page. */
  loginAccountId: CLINIC.doctorInstagramAccountId,
  instagramToken: 'IGAAsandboxTokenDraHelenaPrado0001',
  whatsAppBusinessId: CLINIC_WHATSAPP.businessId,
  whatsAppNumberId: CLINIC_WHATSAPP.numberId,
  whatsAppToken: 'EAAGsandboxSystemUserWhatsApp0001',
} as const;

export const PAGE_SCOPES = [
  'pages_messaging',
  'pages_manage_metadata',
  'pages_show_list',
  'pages_read_engagement',
  'instagram_basic',
  'instagram_manage_messages',
  'instagram_manage_comments',
  'business_management',
] as const;

/** Permissions of Business Login for Instagram. Source: section A.3. */
export const INSTAGRAM_SCOPES = [
  'instagram_business_basic',
  'instagram_business_manage_messages',
  'instagram_business_manage_comments',
] as const;

const DAY_SECONDS = 86_400;

/** An app with everything that was not said filled in. */
export function makeApp(app: Pick<App, 'id' | 'name' | 'secret'> & Partial<App>): App {
  return {
    requireAppSecret: false,
    mode: 'live',
    redirectUris: [],
    configurations: {},
    instagram: { id: app.id.replace(/^555/, '444'), secret: `instagram-${app.secret}` },
    ...app,
  };
}

/** A token record; without `expiresInSeconds` it never expires (a Page token from a long-lived user token). */
export function makeToken(
  nowMs: number,
  token: Pick<Token, 'value' | 'type' | 'appId' | 'userId'> & Partial<Token>,
  expiresInSeconds = 0,
): Token {
  const issued = Math.floor(nowMs / 1000);
  return {
    scopes: [...PAGE_SCOPES],
    issuedAtSeconds: issued,
    expiresAtSeconds: expiresInSeconds === 0 ? 0 : issued + expiresInSeconds,
    dataAccessExpiresAtSeconds: 0,
    ...token,
  };
}

function seedTokens(nowMs: number): Record<string, Token> {
  const { appId, userId } = SEED;
  const page: Partial<Token> = { pageId: SEED.pageId, derivedFrom: SEED.userToken };
  const user: Partial<Token> = { pageIds: [SEED.pageId], isLongLived: true };
  const instagram: Partial<Token> = {
    accountId: SEED.loginAccountId,
    isLongLived: true,
    scopes: [...INSTAGRAM_SCOPES],
  };
  const system: Partial<Token> = {
    scopes: [...WHATSAPP_SCOPES],
    whatsAppBusinessIds: [SEED.whatsAppBusinessId],
  };
  const [sixtyDays, loginId] = [60 * DAY_SECONDS, SEED.loginAccountId.replace(/^17841/, '26100')];
  return byKey('value', [
    makeToken(nowMs, { value: SEED.pageToken, type: 'PAGE', appId, userId, ...page }),
    makeToken(nowMs, { value: SEED.userToken, type: 'USER', appId, userId, ...user }, sixtyDays),
    makeToken(
      nowMs,
      { value: SEED.instagramToken, type: 'INSTAGRAM', appId, userId: loginId, ...instagram },
      sixtyDays,
    ),
    makeToken(nowMs, {
      value: SEED.whatsAppToken,
      type: 'SYSTEM_USER',
      appId,
      userId: '10200300400500699',
      ...system,
    }),
  ]);
}

/** A fresh world: one app, the clinic's Pages and accounts, their team, their customers, their tokens. */
export function seedWorld(nowMs: number): WorldState {
  const app = makeApp({
    id: SEED.appId,
    name: 'Omnichannel Sandbox',
    secret: SEED.appSecret,
    configurations: { [SEED.configId]: [...PAGE_SCOPES] },
    instagram: { id: SEED.instagramAppId, secret: SEED.instagramAppSecret },
  });
  return {
    format: 1,
    clockOffsetMs: 0,
    settings: defaultSettings(),
    apps: { [app.id]: app },
    pages: byKey('id', SEED_PAGES),
    instagramAccounts: byKey('id', SEED_INSTAGRAM_ACCOUNTS),
    tokens: seedTokens(nowMs),
    users: byKey('id', SEED_USERS),
    grants: {},
    codes: {},
    dialogs: [],
    personas: byKey('id', [
      ...seedPeople(),
      ...WHATSAPP_PEOPLE.map(({ accountId, ...person }) =>
        makePersona('whatsapp', accountId, person),
      ),
    ]),
    conversations: {},
    messages: {},
    posts: byKey('id', SEED_POSTS),
    comments: {},
    arrivals: {},
    userRefs: {},
    uploads: {},
    messengerProfiles: {},
    usage: {},
    media: {},
    appSubscriptions: [],
    pageSubscriptions: [],
    instagramSubscriptions: [],
    whatsApp: seedWhatsApp(),
    notificaMe: seedNotificaMe(),
    google: seedGoogle(),
    deliveries: [],
    deliveryCount: 0,
  };
}

/** A table of copies, so that one world's changes never reach another's seed. */
function byKey<K extends string, T extends Record<K, string>>(
  key: K,
  items: readonly T[],
): Record<string, T> {
  return Object.fromEntries(items.map((item) => [item[key], structuredClone(item)]));
}
