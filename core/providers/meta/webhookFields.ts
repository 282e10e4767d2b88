import { ProviderError } from '../../model';
import type { MetaLogin } from '../../model';
import { asText } from '../graph/json';

/**
 * What a Page is subscribed to so that every event kind of this package arrives. Instagram through a Page is covered by
 * the Page's subscription.
 */
export const PAGE_WEBHOOK_FIELDS: readonly string[] = [
  'messages',
  'messaging_postbacks',
  'messaging_optins',
  'messaging_referrals',
  'message_deliveries',
  'message_reads',
  'message_echoes',
  'message_reactions',
  'message_edits',
  'messaging_account_linking',
  'messaging_handovers',
  'standby',
  'messaging_policy_enforcement',
  'feed',
  'mention',
];

/** The same of an Instagram account; echoes, unsends and story replies arrive with `messages`. */
export const INSTAGRAM_WEBHOOK_FIELDS: readonly string[] = [
  'messages',
  'messaging_postbacks',
  'messaging_seen',
  'message_reactions',
  'message_edits',
  'messaging_referral',
  'messaging_optins',
  'messaging_handover',
  'standby',
  'comments',
  'live_comments',
  'mentions',
];

/** By the login of the account that is subscribed. */
export const ASSET_WEBHOOK_FIELDS: Readonly<Record<MetaLogin, readonly string[]>> = {
  facebook: PAGE_WEBHOOK_FIELDS,
  instagram: INSTAGRAM_WEBHOOK_FIELDS,
};

/** By the object of the app's subscription. */
export const APP_WEBHOOK_FIELDS = {
  page: PAGE_WEBHOOK_FIELDS,
  instagram: INSTAGRAM_WEBHOOK_FIELDS,
} as const;

/**
 * What of the wanted fields an app may have, by the list in Meta's refusal: the one place where Meta's words are read,
 * for the list is nowhere else. Where its pages disagree on a name (`messaging_referral`, `messaging_referrals`), the
 * one in the list is taken.
 * @returns null for another error, or when nothing would be left or changed
 */
export function permittedFields(error: unknown, wanted: readonly string[]): string[] | null {
  if (!(error instanceof ProviderError) || error.providerCode !== 100) return null;
  const words = asText(error.details.providerMessage) ?? '';
  const list = /must be one of \{([^}]*)\}/i.exec(words)?.[1] ?? '';
  const allowed = new Set(list.split(',').map((name) => name.trim().toLowerCase()));
  const rest = [
    ...new Set(wanted.flatMap((field) => spellings(field).find((name) => allowed.has(name)) ?? [])),
  ];
  const isSame = rest.length === wanted.length && rest.every((name, at) => name === wanted[at]);
  return rest.length === 0 || isSame ? null : rest;
}

function spellings(field: string): string[] {
  return [field, field.endsWith('s') ? field.slice(0, -1) : `${field}s`];
}
