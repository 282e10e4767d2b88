/** Why a message was not (or not certainly) sent: the closed list of the public contract. */
export const SEND_REASONS = [
  'window_closed',
  'no_opt_in',
  'opted_out',
  'quiet_hours',
  'frequency_cap',
  'rate_limited',
  'safe_mode',
  'handed_over',
  'state_changed',
  'already_sent',
  'not_permitted_on_channel',
  'no_connection',
  'token_expired',
  'invalid_recipient',
  'invalid_content',
  'template_unavailable',
  'provider_rejected',
  'provider_unavailable',
  'outcome_unknown',
] as const;
export type SendReason = (typeof SEND_REASONS)[number];
