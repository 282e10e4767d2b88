/*
 * Names of webhook fields (Graph API reference, Webhooks: Page, Instagram). Their values have no neutral event of their
 * own, so they are told as `connection.activity`; a field that is not here is `provider.unrecognised`.
 */

/** What people do on the account's posts and forms. */
const PAGE_ACTIVITY = [
  'feed',
  'ratings',
  'leadgen',
  'leadgen_fat',
  'live_videos',
  'videos',
  'video_text_question_responses',
  'product_review',
  'products',
  'checkins',
  'group_feed',
  'conversations',
  'inbox_labels',
  'publisher_subscriptions',
  'registration',
  'page_change_proposal',
  'page_upcoming_change',
  'page_about_story',
  'invalid_topic_placement',
  'invoice_access_invoice_change',
  'invoice_access_invoice_draft_change',
  'invoice_access_onboarding_status_active',
  'payment_request_update',
  'merchant_review',
];

/** What the account says about itself. */
const PAGE_PROFILE = [
  'about',
  'affiliation',
  'attire',
  'awards',
  'bio',
  'birthday',
  'category',
  'company_overview',
  'culinary_team',
  'current_location',
  'description',
  'email',
  'founded',
  'general_info',
  'general_manager',
  'hometown',
  'hours',
  'is_published',
  'location',
  'members',
  'mission',
  'name',
  'parking',
  'payment_options',
  'personal_info',
  'personal_interests',
  'phone',
  'picture',
  'price_range',
  'public_transit',
  'restaurant_services',
  'restaurant_specialties',
  'username',
  'website',
];

const INSTAGRAM_ACTIVITY = ['story_insights', 'story_reactions', 'share_to_feed'];

const PAGE_FIELDS: ReadonlySet<string> = new Set([...PAGE_ACTIVITY, ...PAGE_PROFILE]);
const ACTIVITY_FIELDS: ReadonlySet<string> = new Set([...PAGE_FIELDS, ...INSTAGRAM_ACTIVITY]);

export function isActivityField(field: string): boolean {
  return ACTIVITY_FIELDS.has(field);
}

/** Fields of object `page` that a sample of the dashboard may carry without saying so. */
export function isPageField(field: string): boolean {
  return (
    PAGE_FIELDS.has(field) || field === 'mention' || field === 'message_template_status_update'
  );
}

/** Fields whose value is an item of `messaging`: the dashboard's "Test" button sends them as changes. */
const MESSAGING_FIELDS = /^(messages|messaging_|message_|response_feedback$|send_cart$)/;

export function isMessagingField(field: string): boolean {
  return MESSAGING_FIELDS.test(field) || field === 'standby';
}

/**
 * Keys of `messaging` items that are about a person and no message: games, payments, carts, forms, what somebody thinks
 * of an answer.
 */
const PERSONAL_ACTIVITY: ReadonlySet<string> = new Set([
  'game_play',
  'response_feedback',
  'payment',
  'pre_checkout',
  'checkout_update',
  'order',
  'cart',
  'messaging_customer_information',
  'customer_information',
  'in_thread_lead_form_submit',
  'messaging_in_thread_lead_form_submit',
  'inbox_labels',
]);

export function isPersonalActivity(key: string): boolean {
  return PERSONAL_ACTIVITY.has(key);
}
