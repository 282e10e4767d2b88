import type { RetryClass, SendReason } from '../../model';

/** One row of Meta's table of error codes of the WhatsApp Cloud API. */
export interface WhatsAppErrorRow {
  codes: readonly number[];
  retryClass: RetryClass;
  /** What a send's result says; absent: what its retry class usually means. */
  reason?: SendReason;
  /** Completes the sentence "WhatsApp refused …: ". */
  cause: string;
  next: string;
  /** Milliseconds until trying again makes sense, where Meta says so. Absent: it does not help, or at once. */
  waitMs?: number;
  /** The limit is one of this person alone. */
  ofRecipient?: true;
  /** The account itself does not work until somebody acts. */
  stopsAccount?: true;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const NEW_TOKEN =
  'Make a new token in Meta Business Suite (a system user token does not expire) and put it into the credential.';
const GRANT =
  'Give the system user of the token access to this WhatsApp account and make the token with whatsapp_business_messaging and whatsapp_business_management.';
const ASK_META = 'Look at the account in WhatsApp Manager; Meta says there what has to be done.';
const SOON = 'It is tried again; Meta usually recovers within minutes.';

/**
 * Source: Meta's page of the Cloud API's error codes, copies of January and September 2026. Its HTTP statuses are not part
 * of it: they changed, and the code tells alone.
 */
export const GENERAL_ERRORS: readonly WhatsAppErrorRow[] = [
  {
    codes: [0, 190],
    retryClass: 'token',
    cause: 'the token is not valid any more',
    next: NEW_TOKEN,
  },
  {
    codes: [1, 2],
    retryClass: 'ambiguous',
    cause: 'Meta had a fault of its own',
    next: SOON,
  },
  {
    codes: [3, 10, 131005],
    retryClass: 'permission',
    cause: 'a permission is missing',
    next: GRANT,
  },
  {
    codes: [4, 80007, 80008],
    retryClass: 'rate',
    cause: 'the calls of this hour are used up',
    next: 'Try again later; slow down if this comes often.',
    waitMs: 10 * MINUTE,
  },
  {
    codes: [33],
    retryClass: 'configuration',
    cause: 'this id does not exist, or the phone number was deleted',
    next: 'Check Phone Number ID and Business Account ID in the credential.',
  },
  {
    codes: [100, 131009],
    retryClass: 'invalid',
    cause: 'a value of the call is not accepted',
    next: 'Read what Meta says about it and correct that field.',
  },
  {
    codes: [131008],
    retryClass: 'invalid',
    cause: 'a value is missing',
    next: 'Read what Meta says about it and fill in that field.',
  },
  {
    codes: [368],
    retryClass: 'restricted',
    cause: 'Meta has restricted this account for breaking a policy',
    next: ASK_META,
    stopsAccount: true,
  },
  {
    codes: [131000],
    retryClass: 'unavailable',
    cause: 'Meta could not send the message and does not say why',
    next: SOON,
    waitMs: 30 * SECOND,
  },
  {
    codes: [131016, 133004],
    retryClass: 'unavailable',
    cause: 'the service is not available at the moment',
    next: SOON,
    waitMs: 30 * SECOND,
  },
  {
    codes: [131031],
    retryClass: 'restricted',
    cause: 'the account is locked',
    next: ASK_META,
    stopsAccount: true,
  },
  {
    codes: [131042],
    retryClass: 'restricted',
    cause: 'there is a problem with the payment method of the account',
    next: 'Add or mend the payment method in WhatsApp Manager (Billing).',
    stopsAccount: true,
  },
  {
    codes: [131057, 2494100],
    retryClass: 'unavailable',
    cause: 'the number is in maintenance for a moment',
    next: 'It is tried again.',
    waitMs: MINUTE,
  },
  {
    codes: [2500],
    retryClass: 'configuration',
    cause: 'the path or version of the call does not exist',
    next: 'Check Graph Version and Graph Base URL in the credential.',
  },
  {
    codes: [2635],
    retryClass: 'configuration',
    cause: 'this version of the Graph API has ended',
    next: 'Set a newer Graph Version in the credential.',
  },
  {
    codes: [104],
    retryClass: 'configuration',
    cause: 'the proof made with the app secret is missing or wrong',
    next: 'Check the app secret in the credential: it must be of the app that made the token.',
  },
];
