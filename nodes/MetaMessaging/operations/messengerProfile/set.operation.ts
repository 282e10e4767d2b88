import type { INodeProperties } from 'n8n-workflow';
import type { MenuItem, MessengerProfile } from '../../../../core/providers/meta';
import { accountLocator } from '../../../shared/accounts';
import { core } from '../../../shared/loadCore';
import type { ParameterReader } from '../../../shared/parameters';
import { accountOf } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';
import { accountOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { partsCollection } from './setFields';

export const properties = [
  { ...accountLocator, description: 'The Page or Instagram account', hint: '' },
  partsCollection,
  placeOptions,
] as const satisfies INodeProperties[];

type Read = ParameterReader<typeof properties>;

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const profile = readProfile(read);
    await core.meta.setMessengerProfile(app.http, connection, profile);
    return { success: true, set: Object.keys(profile), ...accountOf(connection) };
  },
);

/** Only the parts that were added: the others must stay as they are. */
function readProfile(read: Read): MessengerProfile {
  const { iceBreakers, persistentMenu, menuOnly, getStarted, greeting } = read('parts');
  return {
    ...(iceBreakers && {
      iceBreakers: (iceBreakers.question ?? []).map(({ question, payload, locale }) => ({
        question,
        payload: payload || question,
        locale: localeOf(locale),
      })),
    }),
    ...(persistentMenu && { persistentMenu: (persistentMenu.item ?? []).map(toMenuItem) }),
    ...(menuOnly !== undefined && { menuOnly }),
    ...(getStarted !== undefined && { getStarted: getStarted.trim() }),
    ...(greeting && {
      greeting: (greeting.text ?? []).map(({ text, locale }) => ({
        text,
        locale: localeOf(locale),
      })),
    }),
  };
}

interface MenuRow {
  type: 'postback' | 'url';
  title: string;
  payload: string;
  url: string;
  locale: string;
}

function toMenuItem({ type, title, payload, url, locale }: MenuRow): MenuItem {
  return type === 'url'
    ? { type, title, url: url.trim(), locale: localeOf(locale) }
    : { type, title, payload: payload || title, locale: localeOf(locale) };
}

function localeOf(locale: string): string {
  return locale.trim() || 'default';
}
