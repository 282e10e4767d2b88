import type { WhatsAppErrorRow } from './errorRows';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const ASK_META = 'Look at the account in WhatsApp Manager; Meta says there what has to be done.';
const OTHER_WAY = 'Reach them another way.';

/** What stands in the way of one message. Source: see errorRows.ts. */
export const MESSAGE_ERRORS: readonly WhatsAppErrorRow[] = [
  {
    codes: [130403],
    retryClass: 'recipient',
    cause: 'your business has blocked this person',
    next: 'Unblock them (Contact: Unblock), then send again.',
  },
  {
    codes: [130429],
    retryClass: 'rate',
    cause: 'the number sends more messages a second than Meta allows it',
    next: 'It is sent more slowly; raise the throughput of the number in WhatsApp Manager if this comes often.',
    waitMs: 2 * SECOND,
  },
  {
    codes: [130472],
    retryClass: 'policy',
    cause: 'this person takes part in an experiment of Meta and gets no marketing messages',
    next: OTHER_WAY,
  },
  {
    codes: [130497],
    retryClass: 'policy',
    cause: 'your business may not write to people of this country',
    next: OTHER_WAY,
  },
  {
    codes: [131021],
    retryClass: 'recipient',
    cause: 'sender and recipient are the same number',
    next: 'Choose another recipient.',
  },
  {
    codes: [131026],
    retryClass: 'recipient',
    cause:
      'it cannot be delivered: the number is not on WhatsApp, uses an old version, or has not accepted its terms',
    next: 'Check the number with the country code; else reach them on another channel.',
  },
  {
    codes: [131030],
    retryClass: 'recipient',
    cause: 'a test number can only write to the numbers on its list',
    next: 'Add the recipient to the list in the app dashboard (WhatsApp, API Setup), or send from a real number.',
  },
  {
    codes: [131037],
    retryClass: 'configuration',
    cause: 'this number needs an approved display name first',
    next: 'Have the display name approved in WhatsApp Manager.',
    stopsAccount: true,
  },
  {
    codes: [131045],
    retryClass: 'configuration',
    cause: 'the number is not registered correctly',
    next: 'Register it again (Phone Number: Register).',
  },
  {
    codes: [131047],
    retryClass: 'window',
    cause: 'the person last wrote more than 24 hours ago, so only a template can reach them',
    next: 'Send an approved template instead.',
  },
  {
    codes: [131048],
    retryClass: 'rate',
    cause: 'too many people blocked or reported this number, so Meta holds its messages back',
    next: 'Stop bulk messages and look at the quality of the number in WhatsApp Manager.',
    waitMs: 4 * HOUR,
  },
  {
    codes: [131049],
    retryClass: 'policy',
    reason: 'frequency_cap',
    cause: 'this person has had as many marketing messages as Meta allows them for now',
    next: 'Wait at least 24 hours; sending again sooner is refused again.',
    waitMs: 24 * HOUR,
  },
  {
    codes: [131050],
    retryClass: 'policy',
    reason: 'opted_out',
    cause: 'this person does not want marketing messages of your business',
    next: 'Do not send them marketing templates any more.',
  },
  {
    codes: [131051],
    retryClass: 'invalid',
    reason: 'invalid_content',
    cause: 'this kind of message is not supported',
    next: 'Choose another content.',
  },
  {
    codes: [131052],
    retryClass: 'media',
    cause: 'the file that the person sent could not be downloaded',
    next: 'Ask them to send it again.',
  },
  {
    codes: [131053],
    retryClass: 'media',
    cause: 'the file could not be taken in',
    next: 'Check format and size, and that its address opens without a login from outside your network.',
  },
  {
    codes: [131055, 134100],
    retryClass: 'invalid',
    cause: 'this way of sending takes marketing templates alone',
    next: 'Send the template the usual way, or choose a marketing template.',
  },
  {
    codes: [131056],
    retryClass: 'rate',
    cause: 'this person got too many messages in a short time',
    next: 'It is sent more slowly to them: about one message every 6 seconds.',
    waitMs: 6 * SECOND,
    ofRecipient: true,
  },
  {
    codes: [131062],
    retryClass: 'recipient',
    cause: 'this message needs a phone number; a username is not enough',
    next: 'Ask the person for their number, or send another kind of message.',
  },
  {
    codes: [131063],
    retryClass: 'policy',
    cause: 'marketing messages are switched off for this account',
    next: ASK_META,
  },
  {
    codes: [131064],
    retryClass: 'policy',
    cause: 'templates were given a wrong category too often, so Meta limits the account for a time',
    next: ASK_META,
    waitMs: 24 * HOUR,
  },
  {
    codes: [134011],
    retryClass: 'configuration',
    cause: 'the terms for payments are not accepted',
    next: 'Accept them in WhatsApp Manager.',
  },
  {
    codes: [135000],
    retryClass: 'invalid',
    cause: 'something about the values of the call is wrong, and Meta does not say what',
    next: 'Compare the content with the documentation of this kind of message.',
  },
  {
    codes: [147001, 147002, 147003, 147004],
    retryClass: 'invalid',
    cause: 'the request about the username was not accepted',
    next: 'Read what Meta says about it.',
  },
  {
    codes: [131020, 131041, 131059],
    retryClass: 'invalid',
    cause: 'the request about the group was not accepted',
    next: 'Read what Meta says about it.',
  },
  {
    codes: [131208],
    retryClass: 'rate',
    cause: 'too many requests about groups',
    next: 'Try again later.',
    waitMs: HOUR,
  },
];
