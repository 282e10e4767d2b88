import type { WebhookObject } from '../model.ts';

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

/** Fields of a WhatsApp business account. Source: section C.5. */
export const WHATSAPP_FIELDS = [
  'messages',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'user_preferences',
  'user_id_update',
  'message_template_status_update',
  'message_template_quality_update',
  'message_template_components_update',
  'template_category_update',
  'phone_number_quality_update',
  'phone_number_name_update',
  'account_update',
  'account_alerts',
  'account_review_update',
  'business_capability_update',
  'business_username_update',
  'security',
] as const;

const FIELDS: Record<WebhookObject, readonly string[]> = {
  page: PAGE_FIELDS,
  instagram: INSTAGRAM_FIELDS,
  whatsapp_business_account: WHATSAPP_FIELDS,
};

/** The fields an app can subscribe to for an object. */
export function fieldsOfObject(object: WebhookObject): readonly string[] {
  return FIELDS[object];
}
