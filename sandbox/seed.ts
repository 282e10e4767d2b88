import type { Channel, Persona, Settings, Token, WorldState } from './model.ts';

/** Every id, name and secret here is invented; they are the same in every fresh sandbox. */
export const SEED = {
  appId: '555000111222333',
  appSecret: 'sandbox-app-secret-for-tests-only',
  verifyToken: 'sandbox-verify-token',
  pageId: '100200300400500',
  instagramAccountId: '17841400000000001',
  userId: '10200300400500600',
  pageToken: 'EAAGsandboxPageTokenClinicaSorriso0001',
  userToken: 'EAAGsandboxUserTokenClinicaSorriso0001',
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

const DAY_SECONDS = 86_400;

/** The defaults of every knob, with the vendor's numbers where the vendor states one. */
export function defaultSettings(): Settings {
  return {
    graphVersions: ['v24.0', 'v25.0', 'v26.0'],
    batchWindowMs: 5,
    maxEventsPerDelivery: 1000,
    duplicateEvery: 5,
    webhookTimeoutMs: 5000,
    retryDelaysMs: [1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 120_000, 300_000],
    escapeSlashes: true,
    fetchMedia: 'loopback',
    privateReplyErrorAs: 'subcode',
    enforceRates: true,
    callsPerHour: 20_000,
  };
}

type PersonaSeed = Pick<Persona, 'id' | 'firstName' | 'lastName' | 'username' | 'gender'>;

const MESSENGER_PEOPLE: PersonaSeed[] = [
  {
    id: '7001002003004005',
    firstName: 'Ana Beatriz',
    lastName: 'Souza',
    username: 'anabeatriz.souza',
    gender: 'female',
  },
  {
    id: '7001002003004006',
    firstName: 'Carlos Eduardo',
    lastName: 'Lima',
    username: 'carlosedu.lima',
    gender: 'male',
  },
  {
    id: '7001002003004007',
    firstName: 'Mariana',
    lastName: 'Oliveira',
    username: 'mari.oliveira',
    gender: 'female',
  },
];

const INSTAGRAM_PEOPLE: PersonaSeed[] = [
  {
    id: '900100200300400',
    firstName: 'Juliana',
    lastName: 'Rocha',
    username: 'ju.rocha',
    gender: 'female',
  },
  {
    id: '900100200300401',
    firstName: 'Rafael',
    lastName: 'Santos',
    username: 'rafa.santos',
    gender: 'male',
  },
  {
    id: '900100200300402',
    firstName: 'Camila',
    lastName: 'Ferreira',
    username: 'camila.ferreira',
    gender: 'female',
  },
];

/** A persona with everything that was not said filled in. */
export function makePersona(
  channel: Channel,
  accountId: string,
  seed: PersonaSeed & Partial<Persona>,
): Persona {
  return {
    channel,
    accountId,
    locale: 'pt_BR',
    timezone: -3,
    followerCount: 312,
    isVerified: false,
    followsBusiness: true,
    followedByBusiness: false,
    hasRole: false,
    known: false,
    consented: false,
    ...seed,
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
    dataAccessExpiresAtSeconds: issued + 90 * DAY_SECONDS,
    ...token,
  };
}

/** A fresh world: one app, one Page with a linked Instagram account, two tokens, three people per channel. */
export function seedWorld(nowMs: number): WorldState {
  const people = [
    ...MESSENGER_PEOPLE.map((seed) => makePersona('messenger', SEED.pageId, seed)),
    ...INSTAGRAM_PEOPLE.map((seed) => makePersona('instagram', SEED.instagramAccountId, seed)),
  ];
  return {
    format: 1,
    clockOffsetMs: 0,
    settings: defaultSettings(),
    apps: {
      [SEED.appId]: {
        id: SEED.appId,
        name: 'Omnichannel Sandbox',
        secret: SEED.appSecret,
        requireAppSecret: false,
        mode: 'live',
      },
    },
    pages: {
      [SEED.pageId]: {
        id: SEED.pageId,
        name: 'Clínica Sorriso',
        category: 'Dentist & Dental Office',
        tasks: ['ANALYZE', 'ADVERTISE', 'MESSAGING', 'MODERATE', 'CREATE_CONTENT', 'MANAGE'],
        instagramAccountId: SEED.instagramAccountId,
      },
    },
    instagramAccounts: {
      [SEED.instagramAccountId]: {
        id: SEED.instagramAccountId,
        username: 'clinica.sorriso',
        name: 'Clínica Sorriso',
        allowAccessToMessages: true,
        mediaIds: ['18000000000000004'],
      },
    },
    tokens: {
      [SEED.pageToken]: makeToken(nowMs, {
        value: SEED.pageToken,
        type: 'PAGE',
        appId: SEED.appId,
        userId: SEED.userId,
        pageId: SEED.pageId,
      }),
      [SEED.userToken]: makeToken(
        nowMs,
        {
          value: SEED.userToken,
          type: 'USER',
          appId: SEED.appId,
          userId: SEED.userId,
          pageIds: [SEED.pageId],
        },
        60 * DAY_SECONDS,
      ),
    },
    personas: Object.fromEntries(people.map((persona) => [persona.id, persona])),
    conversations: {},
    messages: {},
    comments: {},
    userRefs: {},
    uploads: {},
    media: {},
    appSubscriptions: [],
    pageSubscriptions: [],
    deliveries: [],
    deliveryCount: 0,
  };
}
