import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import type { ProviderConnection } from '../provider';
import { accessOfConnection } from './access';
import { createGraphClient } from './client';
import type { GraphCall } from './client';
import { asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import { byLocale } from './locales';
import { checkMessengerProfile } from './messengerProfileLimits';
import type { MenuItem, MessengerProfile, ProfilePart } from './messengerProfileParts';

export type {
  Greeting,
  IceBreaker,
  MenuItem,
  MessengerProfile,
  ProfilePart,
} from './messengerProfileParts';

const GRAPH_FIELDS: Record<ProfilePart, string> = {
  iceBreakers: 'ice_breakers',
  persistentMenu: 'persistent_menu',
  getStarted: 'get_started',
  greeting: 'greeting',
};

/** Instagram has no "Get Started" and no greeting. */
const PARTS: Record<'instagram' | 'messenger', readonly ProfilePart[]> = {
  instagram: ['iceBreakers', 'persistentMenu'],
  messenger: ['iceBreakers', 'persistentMenu', 'getStarted', 'greeting'],
};

/**
 * Sets the given parts; the others stay as they are. Source: Messenger Profile API.
 * @throws InvalidInputError naming the field that breaks a limit; SendError from Meta
 */
export async function setMessengerProfile(
  http: HttpClient,
  connection: ProviderConnection,
  profile: MessengerProfile,
): Promise<void> {
  checkMessengerProfile(profile, connection.account, partsOf(connection));
  await requireGetStarted(http, connection, profile);
  await call(http, connection, {
    method: 'POST',
    body: { ...platformOf(connection), ...toGraph(profile, connection) },
  });
}

/** Everything that is set for the account. */
export async function getMessengerProfile(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<MessengerProfile> {
  const fields = partsOf(connection).map((part) => GRAPH_FIELDS[part]);
  const answer = await call(http, connection, {
    method: 'GET',
    query: { ...platformOf(connection), fields: fields.join(',') },
  });
  return fromGraph(asObject(asList(answer.data)[0]) ?? {});
}

export async function deleteMessengerProfile(
  http: HttpClient,
  connection: ProviderConnection,
  parts: readonly ProfilePart[],
): Promise<void> {
  const wrong = parts.find((part) => !partsOf(connection).includes(part));
  if (parts.length === 0 || wrong !== undefined) {
    throw new InvalidInputError(
      'Parts',
      wrong === undefined
        ? 'Nothing was chosen to be deleted.'
        : `"${connection.account.name}" has no such part: ${wrong}.`,
      { hint: 'Choose among those that the channel has.' },
    );
  }
  const fields = parts.map((part) => GRAPH_FIELDS[part]);
  await call(http, connection, {
    method: 'DELETE',
    body: { ...platformOf(connection), fields },
  });
}

function call(
  http: HttpClient,
  connection: ProviderConnection,
  request: Pick<GraphCall, 'method' | 'query' | 'body'>,
): Promise<JsonObject> {
  return createGraphClient({ http }).call(accessOfConnection(connection), {
    ...request,
    path: ['me', 'messenger_profile'],
    subject: `the profile of "${connection.account.name}"`,
  });
}

function platformOf({ account }: ProviderConnection): Record<string, string> {
  return account.channel === 'instagram' ? { platform: 'instagram' } : {};
}

function partsOf({ account }: ProviderConnection): readonly ProfilePart[] {
  return PARTS[account.channel === 'instagram' ? 'instagram' : 'messenger'];
}

/** Meta refuses a menu on Messenger without "Get Started", in words that do not say so. */
async function requireGetStarted(
  http: HttpClient,
  connection: ProviderConnection,
  { persistentMenu, getStarted }: MessengerProfile,
): Promise<void> {
  const isMessenger = connection.account.channel === 'messenger';
  if (!persistentMenu || getStarted !== undefined || !isMessenger) return;
  if ((await getMessengerProfile(http, connection)).getStarted !== undefined) return;
  throw new InvalidInputError(
    'Persistent Menu',
    'On Messenger a menu needs the button "Get Started" first.',
    { hint: 'Fill in "Get Started Payload" as well.' },
  );
}

function toGraph(profile: MessengerProfile, { account }: ProviderConnection): JsonObject {
  const { iceBreakers, persistentMenu, menuOnly, getStarted, greeting } = profile;
  const menuOptions =
    account.channel === 'messenger' ? { composer_input_disabled: menuOnly ?? false } : {};
  return {
    ...(iceBreakers && {
      ice_breakers: byLocale(iceBreakers).map(([locale, rows]) => ({
        locale,
        call_to_actions: rows.map(({ question, payload }) => ({ question, payload })),
      })),
    }),
    ...(persistentMenu && {
      persistent_menu: byLocale(persistentMenu).map(([locale, rows]) => ({
        locale,
        ...menuOptions,
        call_to_actions: rows.map(toMenuItem),
      })),
    }),
    ...(getStarted === undefined ? {} : { get_started: { payload: getStarted } }),
    ...(greeting && { greeting: greeting.map(({ locale, text }) => ({ locale, text })) }),
  };
}

function toMenuItem(item: MenuItem): JsonObject {
  const { title } = item;
  return item.type === 'url'
    ? { type: 'web_url', title, url: item.url }
    : { type: 'postback', title, payload: item.payload };
}

function fromGraph(value: JsonObject): MessengerProfile {
  const iceBreakers = entries(value.ice_breakers, (action, locale) => {
    const question = asText(action.question);
    return question === null ? null : { question, payload: asText(action.payload) ?? '', locale };
  });
  const persistentMenu = entries(value.persistent_menu, fromMenuItem);
  const getStarted = asText(asObject(value.get_started)?.payload);
  const greeting = asList(value.greeting).flatMap((item) => {
    const text = asText(asObject(item)?.text);
    return text === null ? [] : { text, locale: asText(asObject(item)?.locale) ?? 'default' };
  });
  const menuOnly = asList(value.persistent_menu).some(
    (menu) => asObject(menu)?.composer_input_disabled === true,
  );
  return {
    ...(iceBreakers.length > 0 && { iceBreakers }),
    ...(persistentMenu.length > 0 && { persistentMenu }),
    ...(menuOnly && { menuOnly }),
    ...(getStarted !== null && { getStarted }),
    ...(greeting.length > 0 && { greeting }),
  };
}

function fromMenuItem(action: JsonObject, locale: string): MenuItem | null {
  const title = asText(action.title);
  const url = asText(action.url);
  if (title === null) return null;
  return url === null
    ? { type: 'postback', title, payload: asText(action.payload) ?? '', locale }
    : { type: 'url', title, url, locale };
}

/** `[{ locale, call_to_actions }]`; older ice breakers are a flat list without a locale. */
function entries<T>(value: unknown, read: (action: JsonObject, locale: string) => T | null): T[] {
  return asList(value).flatMap((item) => {
    const group = asObject(item);
    const locale = asText(group?.locale) ?? 'default';
    const actions = group?.call_to_actions === undefined ? [group] : asList(group.call_to_actions);
    return actions.flatMap((action) => read(asObject(action) ?? {}, locale) ?? []);
  });
}
