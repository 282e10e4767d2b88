import type { Channel, MetaLogin } from '../../model';

/*
 * Source: Meta's documentation of the permissions of the Messenger Platform, of Instagram messaging through a Page and
 * of Business Login for Instagram, copies of 2025-12 to 2026-10. The earlier `business_*` names ended on 2025-01-27.
 */

/** What the login dialog asks for. */
export const LOGIN_SCOPES: Readonly<Record<MetaLogin, readonly string[]>> = {
  facebook: [
    'pages_show_list',
    'pages_messaging',
    'pages_manage_metadata',
    'pages_read_engagement',
    // Where the Pages sit in a business portfolio.
    'business_management',
    'instagram_basic',
    'instagram_manage_messages',
    'instagram_manage_comments',
  ],
  instagram: [
    'instagram_business_basic',
    'instagram_business_manage_messages',
    'instagram_business_manage_comments',
  ],
};

/** `essential`: without it no message goes or comes. `useful`: something of this package stands still. */
interface Needs {
  essential: readonly string[];
  useful: readonly string[];
}

const OF_A_PAGE = ['pages_manage_metadata', 'pages_show_list', 'pages_read_engagement'];

const NEEDS: Readonly<Record<MetaLogin, Partial<Record<Channel, Needs>>>> = {
  facebook: {
    messenger: { essential: ['pages_messaging'], useful: OF_A_PAGE },
    instagram: {
      essential: ['instagram_basic', 'instagram_manage_messages'],
      useful: [...OF_A_PAGE, 'instagram_manage_comments', 'pages_messaging'],
    },
  },
  instagram: {
    instagram: {
      essential: ['instagram_business_basic', 'instagram_business_manage_messages'],
      useful: ['instagram_business_manage_comments'],
    },
  },
};

/** What an account of this channel should have and was not granted, the essential first. */
export function missingPermissions(
  login: MetaLogin,
  channel: Channel,
  granted: readonly string[],
): { essential: string[]; useful: string[] } {
  const { essential, useful } = NEEDS[login][channel] ?? { essential: [], useful: [] };
  const lacks = (names: readonly string[]) => names.filter((name) => !granted.includes(name));
  return { essential: lacks(essential), useful: lacks(useful) };
}
