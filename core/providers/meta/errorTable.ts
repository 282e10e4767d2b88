import type { RetryClass, SendReason } from '../../model';

export interface MetaErrorRow {
  /** Where it applies: `code/subcode`, `code` (any subcode without a row of its own) or, with a star for the code, any code with this subcode. */
  at: readonly string[];
  retryClass: RetryClass;
  /** Completes the sentence "Meta refused …: ". */
  cause: string;
  next: string;
}

/** What a send's result says for each class. */
export const REASON_OF_CLASS: Record<RetryClass, SendReason> = {
  window: 'window_closed',
  recipient: 'invalid_recipient',
  media: 'invalid_content',
  permission: 'provider_rejected',
  policy: 'provider_rejected',
  token: 'token_expired',
  configuration: 'provider_rejected',
  invalid: 'provider_rejected',
  rate: 'rate_limited',
  unavailable: 'provider_unavailable',
  restricted: 'provider_rejected',
  ambiguous: 'outcome_unknown',
};

const NEW_TOKEN =
  'Connect the account again: log in once more, or put a new token into its credential.';
const OTHER_WAY = 'Reach them another way, or wait until they write again.';
const CHECK_ID = 'Check the id: it must come from a message of this person to this very account.';
const REVIEW =
  'Check in the Meta dashboard that the app has it (App Review), then make a new token.';
const QUALITY = 'Stop sending and look at the quality of the account in Meta Business Suite.';
const SLOW_DOWN = 'Try again after the time Meta names; slow down if this comes often.';

/** Sources: Meta's documentation of the Graph API's errors, and of the Send API's error codes. */
export const META_ERRORS: readonly MetaErrorRow[] = [
  {
    at: ['10/2018278', '10/2534022', '10/2018065'],
    retryClass: 'window',
    cause: 'the person last wrote more than 24 hours ago, so the window for answers is closed',
    next: 'Wait until they write or tap again; a person in an inbox may answer for 7 days.',
  },
  {
    at: ['10/2018108'],
    retryClass: 'recipient',
    cause: 'this person does not receive messages from the account (their own setting)',
    next: 'Reach them another way.',
  },
  {
    at: ['10/1893063'],
    retryClass: 'restricted',
    cause: 'Meta has restricted this account for a time',
    next: QUALITY,
  },
  {
    at: ['368'],
    retryClass: 'restricted',
    cause: 'Meta has blocked this account for breaking a policy',
    next: QUALITY,
  },
  {
    at: ['100/2018001', '100/2534014'],
    retryClass: 'recipient',
    cause: 'this person is not known to the account',
    next: CHECK_ID,
  },
  {
    at: ['100/2534029'],
    retryClass: 'recipient',
    cause: 'this person is blocked, or has blocked the account',
    next: 'Reach them another way.',
  },
  {
    at: ['200/1545041', '551/1545041', '551'],
    retryClass: 'recipient',
    cause: 'this person is not available at the moment',
    next: OTHER_WAY,
  },
  {
    at: ['*/2534001', '2534001'],
    retryClass: 'recipient',
    cause: 'the conversation is archived',
    next: OTHER_WAY,
  },
  {
    at: ['*/2534013', '2534013'],
    retryClass: 'recipient',
    cause: 'the conversation does not exist',
    next: CHECK_ID,
  },
  {
    at: ['*/2534025', '2534025'],
    retryClass: 'policy',
    cause: 'the comment already has its private reply, or allows none',
    next: 'A comment can be answered privately once, within 7 days.',
  },
  {
    at: ['506'],
    retryClass: 'policy',
    cause: 'the same was just posted',
    next: 'Change the text, or leave it at the first.',
  },
  {
    at: ['100/2018047'],
    retryClass: 'media',
    cause: 'a file of this kind is not allowed',
    next: 'Send a png or jpeg picture.',
  },
  {
    at: ['100/2018008'],
    retryClass: 'media',
    cause: 'Meta could not fetch the file from its address',
    next: 'Check that the address opens without a login from outside your network.',
  },
  {
    at: ['100/2018109'],
    retryClass: 'media',
    cause: 'the file is too large',
    next: 'Keep pictures under 8 MB on Instagram and 25 MB on Messenger.',
  },
  {
    at: ['100/2018294'],
    retryClass: 'media',
    cause: 'Meta could not take in the file',
    next: 'Try another file, or the same under another address.',
  },
  {
    at: ['100/2018074'],
    retryClass: 'media',
    cause: 'the stored attachment does not exist',
    next: 'Send the file by its address.',
  },
  {
    at: ['200/2018028', '200/2018027'],
    retryClass: 'permission',
    cause:
      'the app may not write to this person (pages_messaging is missing, or it is in development)',
    next: 'Switch the app to Live and get Advanced Access to pages_messaging, or give the person a role in the app.',
  },
  {
    at: ['200/2534041'],
    retryClass: 'permission',
    cause: 'the Instagram account does not allow access to its messages',
    next: 'In the Instagram app open Settings, Messages and story replies, Message controls, Connected tools, and switch on Allow access to messages.',
  },
  {
    at: ['200/2018300', '230', '3', '10'],
    retryClass: 'permission',
    cause: 'a permission is missing',
    next: REVIEW,
  },
  {
    at: ['190/458'],
    retryClass: 'token',
    cause: 'the user of the token has removed the app',
    next: 'Log in with this app again and make a new token.',
  },
  {
    at: ['190/459'],
    retryClass: 'token',
    cause: 'the user of the token must first pass a security check of Facebook',
    next: 'Let them log in at facebook.com and follow the instructions there.',
  },
  {
    at: ['190/460'],
    retryClass: 'token',
    cause: 'the user of the token has changed their password',
    next: NEW_TOKEN,
  },
  { at: ['190/463'], retryClass: 'token', cause: 'the token has expired', next: NEW_TOKEN },
  {
    at: ['190/464'],
    retryClass: 'token',
    cause: 'the Facebook account of the token is not confirmed',
    next: 'Let its owner confirm the account, then make a new token.',
  },
  {
    at: ['190/467'],
    retryClass: 'token',
    cause: 'the token was revoked (its user logged out, or withdrew it)',
    next: NEW_TOKEN,
  },
  {
    at: ['190/492'],
    retryClass: 'token',
    cause: 'the user of the token has no role on the Page any more',
    next: 'Let an admin of the Page make a new token.',
  },
  { at: ['190'], retryClass: 'token', cause: 'the token is not valid', next: NEW_TOKEN },
  { at: ['102'], retryClass: 'token', cause: 'the login of the token has ended', next: NEW_TOKEN },
  {
    at: ['104'],
    retryClass: 'configuration',
    cause: 'the proof made with the app secret is missing or wrong',
    next: 'Check the app secret in the credential: it must be of the app that made the token.',
  },
  {
    at: ['100/33'],
    retryClass: 'configuration',
    cause: 'the Page, account or person does not exist for this token',
    next: 'Check the Page ID, and that the token belongs to this Page.',
  },
  {
    at: ['2500'],
    retryClass: 'configuration',
    cause: 'the path or version of the call does not exist',
    next: 'Check Graph Version and Graph Base URL in the credential.',
  },
  {
    at: ['2635'],
    retryClass: 'configuration',
    cause: 'this version of the Graph API has ended',
    next: 'Set a newer Graph Version in the credential.',
  },
  {
    at: ['4', '341'],
    retryClass: 'rate',
    cause: 'the app has used up its calls for now',
    next: SLOW_DOWN,
  },
  {
    at: ['17'],
    retryClass: 'rate',
    cause: 'the user of the token has used up their calls for now',
    next: SLOW_DOWN,
  },
  {
    at: ['32', '80001', '80002', '80006', '80007', '80008'],
    retryClass: 'rate',
    cause: 'the account has used up its calls for now',
    next: SLOW_DOWN,
  },
  {
    at: ['613', '613/2534040', '613/1996'],
    retryClass: 'rate',
    cause: 'messages are sent faster than Meta allows',
    next: SLOW_DOWN,
  },
  {
    at: ['1', '2', '1/1357046', '2/1545133', '1200'],
    retryClass: 'ambiguous',
    cause: 'Meta had a fault of its own',
    next: 'Meta usually recovers within minutes.',
  },
  {
    at: ['100'],
    retryClass: 'invalid',
    cause: 'a value of the call is not accepted',
    next: 'Read what Meta says about it; check ids, texts and the app secret.',
  },
  { at: ['803'], retryClass: 'invalid', cause: 'the object does not exist', next: 'Check the id.' },
];

const ROWS = new Map(META_ERRORS.flatMap((row) => row.at.map((key) => [key, row] as const)));

const PERMISSION_RANGE: MetaErrorRow = {
  at: ['200-299'],
  retryClass: 'permission',
  cause: 'a permission is missing',
  next: REVIEW,
};

/**
 * The row for a code and subcode: the pair, then a subcode that tells alone, then the code, then the range
 * 200-299. `exact` = the subcode decided. Undefined for what the documentation does not know.
 */
export function findMetaError(
  code: number,
  subcode: number | null,
): { row: MetaErrorRow; exact: boolean } | undefined {
  const exact =
    subcode === null ? undefined : (ROWS.get(`${code}/${subcode}`) ?? ROWS.get(`*/${subcode}`));
  if (exact !== undefined) return { row: exact, exact: true };
  const row = ROWS.get(`${code}`) ?? (code >= 200 && code <= 299 ? PERMISSION_RANGE : undefined);
  return row === undefined ? undefined : { row, exact: false };
}
