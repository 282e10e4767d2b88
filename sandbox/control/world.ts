import { ControlError } from '../http.ts';
import { INSTANCES_BASE } from '../notificame/instances.ts';
import { HUB_BASE } from '../notificame/routes.ts';
import { HUB_SEED } from '../notificame/seed.ts';
import { SEED } from '../seed.ts';
import { defaultSettings, SETTING_CHOICES } from '../settings.ts';
import { onlyFields, optionalBoolean } from './read.ts';
import { CALENDAR_BASE } from '../google/router.ts';
import { GOOGLE_SEED } from '../google/seed.ts';
import type { Context } from '../context.ts';
import { INSTAGRAM_BASE } from '../surfaces.ts';
import type { Channel, InstagramAccount, Settings } from '../model.ts';

export interface SeedPersona {
  id: string;
  name: string;
  username: string;
  accountId: string;
}

/** What a client needs to connect. */
export interface Seed {
  url: string;
  graphBaseUrl: string;
  graphVersion: string;
  phoneUrl: string;
  app: { id: string; name: string; secret: string };
  verifyToken: string;
  page: { id: string; name: string };
  instagramAccount: { id: string; username: string; name: string };
  pageAccessToken: string;
  userAccessToken: string;
  /** `<app id>|<app secret>` */
  appAccessToken: string;
  personas: Record<Channel, SeedPersona[]>;
  /** Every Page of the clinic, with its Instagram account where it has one. */
  pages: Array<{ id: string; name: string; instagramAccount: SeedAccount | null }>;
  /** People who can go through the login dialog. */
  users: Array<{ id: string; name: string }>;
  /** Login configuration that asks for every permission. */
  configId: string;
  dialogBaseUrl: string;
  instagramGraphBaseUrl: string;
  instagramTokenBaseUrl: string;
  instagramDialogBaseUrl: string;
  /** Business Login for Instagram: an app of its own, and an account without a Page. */
  instagramLogin: {
    appId: string;
    appSecret: string;
    account: SeedAccount & { scopedId: string };
    accessToken: string;
  };
  /** NotificaMe's hub: the token of a sub-account and its channels; beside it the Instances API, which is none of it. */
  notificaMe: {
    baseUrl: string;
    /** Where a person plays the customers of these channels. */
    phoneUrl: string;
    instancesBaseUrl: string;
    apiToken: string;
    channels: Array<{ id: string; type: string; name: string }>;
  };
  /** WhatsApp: the token of a system user, its business account and the numbers of that. */
  whatsApp: {
    businessAccountId: string;
    phoneNumberId: string;
    accessToken: string;
    numbers: Array<{ id: string; displayPhoneNumber: string; name: string }>;
  };
  /** Google Calendar: a service account with its key, and calendars. */
  google: {
    clientEmail: string;
    privateKey: string;
    calendarId: string;
    privateCalendarId: string;
    readOnlyCalendarId: string;
    delegatedUser: string;
    timeZone: string;
    calendarBaseUrl: string;
    tokenUrl: string;
    pageUrl: string;
  };
}

interface SeedAccount {
  id: string;
  username: string;
  name: string;
}

/** `GET /_sandbox/seed`. The seed's app, Page and account exist in every world. */
export function describeSeed(context: Context): Seed {
  const { state } = context.store;
  const people = (channel: Channel): SeedPersona[] =>
    Object.values(state.personas)
      .filter((item) => item.channel === channel)
      .map(({ id, firstName, lastName, username, accountId }) => ({
        id,
        name: `${firstName} ${lastName}`,
        username,
        accountId,
      }));
  const app = state.apps[SEED.appId];
  const page = state.pages[SEED.pageId];
  const account = state.instagramAccounts[SEED.instagramAccountId];
  const doctor = state.instagramAccounts[SEED.loginAccountId];
  if (app === undefined || page === undefined || account === undefined || doctor === undefined) {
    throw new Error('The state lacks the app, Page or account of the seed.');
  }
  return {
    url: context.publicUrl(),
    graphBaseUrl: context.publicUrl(),
    graphVersion: 'v25.0',
    phoneUrl: `${context.publicUrl()}/`,
    app: { id: app.id, name: app.name, secret: app.secret },
    verifyToken: SEED.verifyToken,
    page: { id: page.id, name: page.name },
    instagramAccount: { id: account.id, username: account.username, name: account.name },
    pageAccessToken: SEED.pageToken,
    userAccessToken: SEED.userToken,
    appAccessToken: `${SEED.appId}|${app.secret}`,
    personas: {
      messenger: people('messenger'),
      instagram: people('instagram'),
      whatsapp: people('whatsapp'),
    },
    pages: Object.values(state.pages).map((item) => ({
      id: item.id,
      name: item.name,
      instagramAccount: describeAccount(state.instagramAccounts[item.instagramAccountId ?? '']),
    })),
    users: Object.values(state.users).map(({ id, name }) => ({ id, name })),
    configId: SEED.configId,
    ...loginAddresses(context.publicUrl()),
    instagramLogin: {
      appId: app.instagram.id,
      appSecret: app.instagram.secret,
      account: { ...accountNames(doctor), scopedId: doctor.scopedId },
      accessToken: SEED.instagramToken,
    },
    notificaMe: {
      baseUrl: `${context.publicUrl()}${HUB_BASE}`,
      phoneUrl: `${context.publicUrl()}${HUB_BASE}`,
      instancesBaseUrl: `${context.publicUrl()}${INSTANCES_BASE}`,
      apiToken: HUB_SEED.token,
      channels: Object.values(context.store.state.notificaMe.channels).map(
        ({ id, type, name }) => ({ id, type, name }),
      ),
    },
    whatsApp: {
      businessAccountId: SEED.whatsAppBusinessId,
      phoneNumberId: SEED.whatsAppNumberId,
      accessToken: SEED.whatsAppToken,
      numbers: Object.values(state.whatsApp.numbers)
        .filter((number) => number.businessId === SEED.whatsAppBusinessId)
        .map(({ id, displayPhoneNumber, verifiedName }) => ({
          id,
          displayPhoneNumber,
          name: verifiedName,
        })),
    },
    google: {
      ...GOOGLE_SEED,
      calendarBaseUrl: `${context.publicUrl()}${CALENDAR_BASE}`,
      tokenUrl: `${context.publicUrl()}/token`,
      pageUrl: `${context.publicUrl()}/calendar`,
    },
  };
}

/** The base addresses of a credential; Instagram's hosts share one path below the sandbox's own. */
function loginAddresses(
  url: string,
): Pick<
  Seed,
  'dialogBaseUrl' | 'instagramGraphBaseUrl' | 'instagramTokenBaseUrl' | 'instagramDialogBaseUrl'
> {
  const instagram = `${url}${INSTAGRAM_BASE}`;
  return {
    dialogBaseUrl: url,
    instagramGraphBaseUrl: instagram,
    instagramTokenBaseUrl: instagram,
    instagramDialogBaseUrl: instagram,
  };
}

const accountNames = ({ id, username, name }: InstagramAccount): SeedAccount => ({
  id,
  username,
  name,
});

function describeAccount(account: InstagramAccount | undefined): SeedAccount | null {
  return account === undefined ? null : accountNames(account);
}

/** `POST /_sandbox/reset`; `keepSubscriptions` leaves the webhooks and settings as they are. */
export function resetWorld(context: Context, body: Record<string, unknown>): Seed {
  onlyFields(body, ['keepSubscriptions']);
  const keep = optionalBoolean(body, 'keepSubscriptions') === true;
  const { appSubscriptions, pageSubscriptions, instagramSubscriptions, settings } =
    context.store.state;
  context.faults.clear();
  context.webhooks.clear();
  context.calls.clear();
  context.rates.clear();
  context.whatsAppLimits.clear();
  const { businesses, numbers } = context.store.state.whatsApp;
  context.store.reset();
  if (keep) {
    Object.assign(context.store.state, {
      appSubscriptions,
      pageSubscriptions,
      instagramSubscriptions,
      settings,
    });
    const { whatsApp } = context.store.state;
    for (const business of Object.values(whatsApp.businesses)) {
      business.subscribedApps = businesses[business.id]?.subscribedApps ?? [];
    }
    for (const number of Object.values(whatsApp.numbers)) {
      number.overrides = numbers[number.id]?.overrides ?? {};
    }
  }
  context.clockMoved(context.store.state.clockOffsetMs);
  context.agenda.wake();
  context.phones.resetAll();
  return describeSeed(context);
}

/** `PATCH /_sandbox/settings`: changes single knobs; each must be of the default's kind. */
export function changeSettings(context: Context, body: Record<string, unknown>): Settings {
  const defaults = defaultSettings();
  onlyFields(body, Object.keys(defaults));
  const { settings } = context.store.state;
  for (const [key, value] of Object.entries(body)) {
    const sample = defaults[key as keyof Settings];
    const sameKind =
      typeof value === typeof sample && Array.isArray(value) === Array.isArray(sample);
    const choices = SETTING_CHOICES[key];
    if (choices?.includes(String(value)) === false) {
      throw new ControlError(`Setting ${key} must be one of ${choices.join(', ')}.`);
    }
    if (!sameKind) throw new ControlError(`Setting ${key} must be like ${JSON.stringify(sample)}.`);
  }
  Object.assign(settings, body);
  context.store.changed();
  return settings;
}
