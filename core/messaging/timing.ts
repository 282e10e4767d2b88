/*
 * How a send is fenced and settled, in milliseconds. The numbers hang together:
 *
 *   a call to the provider begins at most RENEW_AFTER after its lease was made or renewed, and the HTTP client
 *   ends it after SEND_TIMEOUT; a provider may still be storing what it accepted when our side was cut, so a look
 *   counts as proof of absence only SETTLE_DELAY later. A reservation whose lease has run out is therefore past all
 *   three, and can be looked for at once.
 */

/** The HTTP client's cap on one call to a provider. */
export const SEND_TIMEOUT_MS = 30_000;
/** Older than this, a lease is renewed before the provider is called. */
export const RENEW_AFTER_MS = 5_000;
/** From the cut to the first look. */
export const SETTLE_DELAY_MS = 30_000;
export const LEASE_MS = RENEW_AFTER_MS + SEND_TIMEOUT_MS + SETTLE_DELAY_MS;

/** After so long without proof, the message is given up: failed, not to be retried. */
export const GIVE_UP_AFTER_MS = 10 * 60_000;
/** A look takes a few calls to the provider (Meta: conversation, messages, one of them perhaps twice). */
export const LOOK_HOLD_MS = 3 * SEND_TIMEOUT_MS + RENEW_AFTER_MS;
/** Pause between two looks: half of the time it has been unknown, within these bounds. */
export const LOOK_PAUSE_MIN_MS = 15_000;
export const LOOK_PAUSE_MAX_MS = 120_000;

/** How many of a conversation's newest messages a provider shows (Meta: 20). */
export const RECENT_MESSAGES = 20;

/**
 * A message created this long before its reservation can still be the one: the provider's clock may be behind ours
 * and cuts its times to whole seconds.
 */
export const FOUND_SKEW_MS = 10_000;
/** Proof of absence is more careful: an equal message up to this long before the reservation spoils it. */
export const ABSENCE_SKEW_MS = 60_000;

/** A free message is refused this long before the window closes, so that it does not arrive after. */
export const WINDOW_MARGIN_MS = 5 * 60_000;
