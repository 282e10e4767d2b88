import { ControlError } from '../http.ts';
import { newNumericId, newRecordId } from '../ids.ts';
import { makeApp, makePersona, PAGE_SCOPES, SEED } from '../seed.ts';
import { makeInstagramAccount } from '../seedClinic.ts';
import { issueToken } from '../login/tokens.ts';
import { makeWhatsAppPerson } from '../whatsapp/seed.ts';
import { changePerson } from '../whatsapp/control.ts';
import * as read from './read.ts';
import type { Context } from '../context.ts';
import type { App, Channel, Persona, Unreachable } from '../model.ts';

/** `POST /_sandbox/apps`: another app; tokens and subscriptions name it with `appId`. */
export function addApp(
  context: Context,
  body: Record<string, unknown>,
): App & { appAccessToken: string } {
  read.onlyFields(body, ['name', 'secret']);
  const app = makeApp({
    id: newNumericId('555', 15),
    name: read.optionalText(body, 'name') ?? 'Another app',
    secret: read.optionalText(body, 'secret') ?? newRecordId('secret'),
  });
  context.store.state.apps[app.id] = app;
  context.store.changed();
  return { ...app, appAccessToken: `${app.id}|${app.secret}` };
}

/**
 * `PATCH /_sandbox/apps/{id}`, the app dashboard: `requireAppSecret`, `mode`, `redirectUris`,
 * `configurations: { <config id>: [permission] }`, `deauthorizeUrl`, `dataDeletionUrl` (null removes).
 */
export function changeApp(context: Context, id: string, body: Record<string, unknown>): App {
  read.onlyFields(body, [
    'requireAppSecret',
    'mode',
    'redirectUris',
    'configurations',
    'deauthorizeUrl',
    'dataDeletionUrl',
  ]);
  const app = context.store.state.apps[id];
  if (app === undefined) throw new ControlError(`There is no app ${id}.`, 404);
  app.requireAppSecret = read.optionalBoolean(body, 'requireAppSecret') ?? app.requireAppSecret;
  const mode = read.optionalText(body, 'mode') ?? app.mode;
  if (mode !== 'live' && mode !== 'development') {
    throw new ControlError('Field mode must be live or development.');
  }
  app.mode = mode;
  app.redirectUris = read.optionalTexts(body, 'redirectUris') ?? app.redirectUris;
  const configurations = read.optionalObject(body, 'configurations');
  for (const configId of Object.keys(configurations ?? {})) {
    app.configurations[configId] = read.texts(configurations ?? {}, configId);
  }
  for (const key of ['deauthorizeUrl', 'dataDeletionUrl'] as const) {
    if (body[key] === null) delete app[key];
    else if (body[key] !== undefined) app[key] = read.text(body, key);
  }
  context.store.changed();
  return app;
}

/** `POST /_sandbox/pages`: a Page with its token, and with `instagramUsername` a linked account. */
export function addPage(context: Context, body: Record<string, unknown>): Record<string, unknown> {
  read.onlyFields(body, ['name', 'instagramUsername', 'tasks']);
  const { store } = context;
  const { state } = store;
  const id = newNumericId('1002', 15);
  const name = read.text(body, 'name');
  const username = read.optionalText(body, 'instagramUsername');
  const tasks = read.optionalTexts(body, 'tasks') ?? ['MESSAGING', 'MODERATE', 'MANAGE'];
  state.pages[id] = { id, name, category: 'Medical & Health' };
  let instagramAccountId: string | undefined;
  if (username !== undefined) {
    instagramAccountId = newNumericId('17841', 17);
    state.pages[id].instagramAccountId = instagramAccountId;
    const account = makeInstagramAccount(instagramAccountId, username, name);
    state.instagramAccounts[instagramAccountId] = account;
  }
  const owner = state.users[SEED.userId];
  if (owner !== undefined) owner.roles[id] = tasks;
  state.tokens[SEED.userToken]?.pageIds?.push(id);
  const { value } = issueToken(
    state,
    store.now(),
    {
      type: 'PAGE',
      appId: SEED.appId,
      userId: SEED.userId,
      pageId: id,
      derivedFrom: SEED.userToken,
      scopes: [...PAGE_SCOPES],
    },
    0,
  );
  store.changed();
  return { id, name, instagramAccountId, pageAccessToken: value };
}

/** `PATCH /_sandbox/accounts/{instagram id}`: `allowAccessToMessages`, `mediaIds`. */
export function updateAccount(
  context: Context,
  id: string,
  body: Record<string, unknown>,
): unknown {
  read.onlyFields(body, ['allowAccessToMessages', 'mediaIds']);
  const account = context.store.state.instagramAccounts[id];
  if (account === undefined) throw new ControlError(`There is no Instagram account ${id}.`, 404);
  account.allowAccessToMessages =
    read.optionalBoolean(body, 'allowAccessToMessages') ?? account.allowAccessToMessages;
  account.mediaIds = read.optionalTexts(body, 'mediaIds') ?? account.mediaIds;
  context.store.changed();
  return account;
}

/** `POST /_sandbox/personas`: a new person of a channel; the account defaults to the seed's. */
export function addPersona(context: Context, body: Record<string, unknown>): Persona {
  read.onlyFields(body, [
    'channel',
    'accountId',
    'firstName',
    'lastName',
    'username',
    'phone',
    'gender',
    'followsBusiness',
  ]);
  const channel = read.channel(body);
  const { state } = context.store;
  const [accounts, seedAccount] = {
    messenger: [state.pages, SEED.pageId] as const,
    instagram: [state.instagramAccounts, SEED.instagramAccountId] as const,
    whatsapp: [state.whatsApp.numbers, SEED.whatsAppNumberId] as const,
  }[channel];
  const accountId = read.optionalText(body, 'accountId') ?? seedAccount;
  if (accounts[accountId] === undefined) {
    throw new ControlError(`There is no ${channel} account ${accountId}.`, 404);
  }
  const phone = read.optionalText(body, 'phone');
  const persona = makePersona(channel, accountId, {
    id: newPersonaId(channel, phone),
    firstName: read.text(body, 'firstName'),
    lastName: read.optionalText(body, 'lastName') ?? 'Teste',
    username: read.optionalText(body, 'username') ?? newNumericId('pessoa', 12),
    gender: body.gender === 'male' ? 'male' : 'female',
    followsBusiness: read.optionalBoolean(body, 'followsBusiness') ?? true,
    ...(phone === undefined ? {} : { phone }),
  });
  if (channel === 'whatsapp') {
    persona.whatsApp = makeWhatsAppPerson({
      waId: persona.id,
      userId: `BR.${newNumericId('1349', 20)}`,
    });
  }
  state.personas[persona.id] = persona;
  context.store.changed();
  return persona;
}

function newPersonaId(channel: Channel, phone: string | undefined): string {
  switch (channel) {
    case 'messenger':
      return newNumericId('7', 16);
    case 'instagram':
      return newNumericId('9', 15);
    case 'whatsapp':
      return phone?.replace(/\D/g, '') ?? newNumericId('55119', 13);
  }
}

const UNREACHABLE: readonly Unreachable[] = [
  'blocked',
  'unavailable',
  'cannotReceive',
  'threadArchived',
];

/** `PATCH /_sandbox/personas/{id}`: `unreachable` (null lifts it), `hasRole`, `phone`, `whatsApp`. */
export function updatePersona(
  context: Context,
  id: string,
  body: Record<string, unknown>,
): Persona {
  read.onlyFields(body, ['unreachable', 'hasRole', 'phone', 'whatsApp']);
  const persona = read.persona(context.store.state, { persona: id });
  if (body.unreachable === null) delete persona.unreachable;
  else if (body.unreachable !== undefined) {
    const reason = UNREACHABLE.find((item) => item === body.unreachable);
    if (reason === undefined) {
      throw new ControlError(`unreachable must be null or one of ${UNREACHABLE.join(', ')}.`);
    }
    persona.unreachable = reason;
  }
  persona.hasRole = read.optionalBoolean(body, 'hasRole') ?? persona.hasRole;
  const phone = read.optionalText(body, 'phone');
  if (phone !== undefined) persona.phone = phone;
  const whatsApp = read.optionalObject(body, 'whatsApp');
  if (whatsApp !== undefined) changePerson(context, persona, whatsApp);
  context.store.changed();
  return persona;
}
