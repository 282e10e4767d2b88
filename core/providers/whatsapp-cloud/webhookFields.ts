/** What the app is subscribed to so that every event kind of this package arrives. Source: section C.5. */
export const WHATSAPP_WEBHOOK_FIELDS: readonly string[] = [
  'messages',
  'smb_message_echoes',
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
];
