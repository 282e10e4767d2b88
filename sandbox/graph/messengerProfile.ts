import { accountOn, checkMayRead, type Actor } from './actor.ts';
import { badParameter, undocumented } from './errors.ts';
import { parseFields } from './fields.ts';
import {
  asList,
  asObject,
  oneOf,
  onlyKeys,
  optionalFlag,
  requiredText,
  webAddress,
} from './validation.ts';
import type { GraphCall } from './call.ts';
import type { Channel } from '../model.ts';

const PROPERTIES: Record<Channel, readonly string[]> = {
  messenger: [
    'ice_breakers',
    'persistent_menu',
    'get_started',
    'greeting',
    'whitelisted_domains',
    'commands',
  ],
  instagram: ['ice_breakers', 'persistent_menu'],
  whatsapp: [],
};
const ICE_BREAKERS = 4;
/** "Keep at most 5 items." */
const MENU_ITEMS = 5;

/** `POST|GET|DELETE /me/messenger_profile`; `platform=instagram` for the account of a Page. Source: section B.8. */
export function messengerProfile(call: GraphCall, actor: Actor): Record<string, unknown> {
  const channel = readPlatform(call, actor);
  const accountId = accountOn(actor, channel);
  if (accountId === undefined) throw badParameter('The Page has no linked Instagram account.');
  checkMayRead(call, actor, channel);
  const { platform: _platform, ...params } = call.params;
  const { store } = call.context;
  const profile = store.state.messengerProfiles[accountId] ?? {};
  if (call.method === 'GET') return readProfile(params, channel, profile);
  const changed =
    call.method === 'POST'
      ? { ...profile, ...checkProperties(params, channel, profile) }
      : without(params, channel, profile);
  store.state.messengerProfiles[accountId] = changed;
  store.changed();
  call.context.phones.profileChanged(accountId);
  return store.state.settings.profileAnswer === 'result'
    ? { result: 'success' }
    : { success: true };
}

function readPlatform(call: GraphCall, actor: Actor): Channel {
  if (call.params.platform === undefined) {
    return actor.login === 'instagram' ? 'instagram' : 'messenger';
  }
  return oneOf(call.params.platform, ['instagram'] as const, 'platform');
}

function readProfile(
  params: Record<string, unknown>,
  channel: Channel,
  profile: Record<string, unknown>,
): Record<string, unknown> {
  onlyKeys(params, ['fields'], '');
  const fields = parseFields(params.fields);
  if (fields === undefined) throw badParameter('The parameter fields is required.');
  const wanted = fields.map(({ name }) => oneOf(name, PROPERTIES[channel], 'fields'));
  const found = Object.entries(profile).filter(([name]) => wanted.includes(name));
  return { data: found.length === 0 ? [] : [Object.fromEntries(found)] };
}

function without(
  params: Record<string, unknown>,
  channel: Channel,
  profile: Record<string, unknown>,
): Record<string, unknown> {
  onlyKeys(params, ['fields'], '');
  const names = asList(params.fields, 'fields', 1, PROPERTIES.messenger.length).map((name, index) =>
    oneOf(name, PROPERTIES[channel], `fields[${index}]`),
  );
  const left = Object.fromEntries(
    Object.entries(profile).filter(([name]) => !names.includes(name)),
  );
  if (left.persistent_menu !== undefined && channel === 'messenger') requireGetStarted(left);
  return left;
}

function checkProperties(
  params: Record<string, unknown>,
  channel: Channel,
  profile: Record<string, unknown>,
): Record<string, unknown> {
  onlyKeys(params, PROPERTIES.messenger, '');
  const wrong = Object.keys(params).find((name) => !PROPERTIES[channel].includes(name));
  if (wrong !== undefined) throw badParameter(`Param ${wrong} is not allowed on Instagram.`);
  if (Object.keys(params).length === 0) {
    throw badParameter(`Requires one of the params: ${PROPERTIES[channel].join(', ')}.`);
  }
  const checks: Record<string, (value: unknown) => void> = {
    ice_breakers: checkIceBreakers,
    persistent_menu: (value) => checkMenu(value, channel),
    get_started: (value) => {
      const started = asObject(value, 'get_started');
      onlyKeys(started, ['payload'], 'get_started');
      requiredText(started, 'payload', 'get_started', 1000);
    },
    greeting: checkGreeting,
    whitelisted_domains: checkDomains,
    // Their fields are in no document the sandbox follows.
    commands: (value) => void asList(value, 'commands', 1, 100),
  };
  for (const [name, value] of Object.entries(params)) checks[name]?.(value);
  if (params.persistent_menu !== undefined && channel === 'messenger') {
    requireGetStarted({ ...profile, ...params });
  }
  return params;
}

function requireGetStarted(profile: Record<string, unknown>): void {
  if (profile.get_started === undefined) {
    throw badParameter(
      'You must set a Get Started button if you also wish to use persistent menu.',
    );
  }
}

/** Lists per locale, of which `default` must be one. */
function perLocale(
  value: unknown,
  path: string,
  known: readonly string[],
): Array<{ item: Record<string, unknown>; place: string }> {
  const rows = asList(value, path, 1, 100).map((entry, index) => {
    const place = `${path}[${index}]`;
    const item = asObject(entry, place);
    onlyKeys(item, known, place);
    requiredText(item, 'locale', place);
    return { item, place };
  });
  if (!rows.some(({ item }) => item.locale === 'default')) {
    throw badParameter(`Param ${path} must have an entry of the locale default.`);
  }
  return rows;
}

function checkIceBreakers(value: unknown): void {
  for (const { item, place } of perLocale(value, 'ice_breakers', ['locale', 'call_to_actions'])) {
    const path = `${place}.call_to_actions`;
    asList(item.call_to_actions, path, 1, ICE_BREAKERS).forEach((entry, index) => {
      const action = asObject(entry, `${path}[${index}]`);
      onlyKeys(action, ['question', 'payload'], `${path}[${index}]`);
      requiredText(action, 'question', `${path}[${index}]`);
      requiredText(action, 'payload', `${path}[${index}]`, 1000);
    });
  }
}

function checkMenu(value: unknown, channel: Channel): void {
  const isMessenger = channel === 'messenger';
  const known = ['locale', 'call_to_actions', ...(isMessenger ? ['composer_input_disabled'] : [])];
  for (const { item, place } of perLocale(value, 'persistent_menu', known)) {
    optionalFlag(item, 'composer_input_disabled', place);
    const path = `${place}.call_to_actions`;
    asList(item.call_to_actions, path, 1, MENU_ITEMS).forEach((entry, index) => {
      checkMenuItem(asObject(entry, `${path}[${index}]`), `${path}[${index}]`, isMessenger);
    });
  }
}

function checkMenuItem(item: Record<string, unknown>, path: string, isMessenger: boolean): void {
  const type = oneOf(item.type, ['postback', 'web_url'], `${path}.type`);
  requiredText(item, 'title', path);
  if (type === 'postback') {
    onlyKeys(item, ['type', 'title', 'payload'], path);
    requiredText(item, 'payload', path, 1000);
    return;
  }
  onlyKeys(item, ['type', 'title', 'url', ...(isMessenger ? ['webview_height_ratio'] : [])], path);
  webAddress(item, 'url', path);
}

function checkGreeting(value: unknown): void {
  for (const { item, place } of perLocale(value, 'greeting', ['locale', 'text'])) {
    requiredText(item, 'text', place, 160);
  }
}

function checkDomains(value: unknown): void {
  asList(value, 'whitelisted_domains', 1, 50).forEach((domain, index) => {
    if (typeof domain !== 'string' || !URL.canParse(domain)) {
      throw undocumented(
        `whitelisted_domains[${index}] must be an address such as https://a.example.`,
      );
    }
    webAddress({ domain }, 'domain', `whitelisted_domains[${index}]`);
  });
}
