/**
 * Webhook field names of section A.5 (vendor's documentation, copies of 2025-12 to 2026-10).
 */
export const PAGE_FIELDS = [
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
  'messaging_feedback',
  'response_feedback',
  'messaging_game_plays',
  'send_cart',
  'feed',
  'mention',
  'message_template_status_update',
] as const;

export const INSTAGRAM_FIELDS = [
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
  'story_insights',
] as const;

/** Fields of an account under Instagram Login: story insights come with Facebook Login alone. */
export const LOGIN_FIELDS = INSTAGRAM_FIELDS.filter((field) => field !== 'story_insights');

/** The fields an app can subscribe to for an object. */
export function fieldsOfObject(object: 'page' | 'instagram'): readonly string[] {
  return object === 'page' ? PAGE_FIELDS : INSTAGRAM_FIELDS;
}
