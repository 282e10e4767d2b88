/** Permissions of a system user's token. Source: section D.10 (10, 200–299). */
export const WHATSAPP_SCOPES = [
  'whatsapp_business_messaging',
  'whatsapp_business_management',
] as const;

export type WhatsAppScope = (typeof WHATSAPP_SCOPES)[number];
