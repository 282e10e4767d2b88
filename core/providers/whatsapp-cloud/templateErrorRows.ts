import type { WhatsAppErrorRow } from './errorRows';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WORDING = 'Correct the text of the template as Meta says, then create it again.';

/** Codes about templates: sending them, and looking after them. Source: see errorRows.ts. */
export const TEMPLATE_ERRORS: readonly WhatsAppErrorRow[] = [
  {
    codes: [132000],
    retryClass: 'invalid',
    reason: 'invalid_content',
    cause: 'the number of variables is not that of the template',
    next: 'Choose the template again from the list so that the fields for its variables are read anew, then fill in all.',
  },
  {
    codes: [132001],
    retryClass: 'invalid',
    reason: 'template_unavailable',
    cause: 'there is no approved template of this name in this language',
    next: 'Choose one from the list; a new one is approved within minutes to a day.',
  },
  {
    codes: [132005],
    retryClass: 'invalid',
    reason: 'invalid_content',
    cause: 'the text is too long once the variables are filled in',
    next: 'Shorten what the variables hold.',
  },
  {
    codes: [132007],
    retryClass: 'policy',
    cause: 'the content breaks a policy of WhatsApp',
    next: 'Change the template.',
  },
  {
    codes: [132012],
    retryClass: 'invalid',
    reason: 'invalid_content',
    cause: 'a variable does not have the form that the template expects',
    next: 'Check the variables: no line breaks, no tabs, no more than four spaces in a row, the right kind of file.',
  },
  {
    codes: [132015],
    retryClass: 'policy',
    reason: 'template_unavailable',
    cause: 'the template is paused because people reported or blocked it',
    next: 'Meta lifts the pause after 3 to 6 hours; improve the text, or send another template meanwhile.',
    waitMs: 3 * HOUR,
  },
  {
    codes: [132016],
    retryClass: 'policy',
    reason: 'template_unavailable',
    cause: 'the template was paused too often and is disabled for good',
    next: 'Create a new template with another text.',
  },
  {
    codes: [132018],
    retryClass: 'invalid',
    reason: 'invalid_content',
    cause: 'the variables did not pass the check of the template',
    next: 'Choose the template again from the list and fill in its variables.',
  },
  {
    codes: [132068],
    retryClass: 'policy',
    reason: 'template_unavailable',
    cause: 'the flow is blocked',
    next: 'Mend the flow in WhatsApp Manager.',
  },
  {
    codes: [132069],
    retryClass: 'rate',
    cause: 'the flow has been sent too often this hour',
    next: 'Try again in an hour.',
    waitMs: HOUR,
  },
  {
    codes: [134101],
    retryClass: 'unavailable',
    reason: 'template_unavailable',
    cause: 'the template is still being made known to this way of sending',
    next: 'Try again in ten minutes.',
    waitMs: 10 * MINUTE,
  },
  {
    codes: [134102],
    retryClass: 'invalid',
    reason: 'template_unavailable',
    cause: 'the template cannot be sent this way',
    next: 'Send it the usual way.',
  },
  {
    codes: [2388019],
    retryClass: 'configuration',
    cause: 'the account has as many templates as it may have',
    next: 'Delete templates that nobody uses.',
  },
  {
    codes: [2388039],
    retryClass: 'invalid',
    cause: 'a template in this state cannot be changed',
    next: 'Wait until Meta has reviewed it, or create another one.',
  },
  {
    codes: [2388040],
    retryClass: 'invalid',
    cause: 'a text of the template is too long',
    next: WORDING,
  },
  {
    codes: [2388047],
    retryClass: 'invalid',
    cause: 'the header of the template has not the form it needs',
    next: WORDING,
  },
  {
    codes: [2388072],
    retryClass: 'invalid',
    cause: 'the body of the template has not the form it needs',
    next: WORDING,
  },
  {
    codes: [2388073],
    retryClass: 'invalid',
    cause: 'the footer of the template has not the form it needs',
    next: WORDING,
  },
  {
    codes: [2388293],
    retryClass: 'invalid',
    cause: 'the template has too many variables for so little text',
    next: 'Write more text around the variables, or use fewer.',
  },
  {
    codes: [2388299],
    retryClass: 'invalid',
    cause: 'a variable stands at the beginning or end of the text',
    next: 'Put words before and after it.',
  },
];

/** Codes about registering a phone number. */
export const NUMBER_ERRORS: readonly WhatsAppErrorRow[] = [
  {
    codes: [133000],
    retryClass: 'unavailable',
    cause: 'an earlier removal of the number was not finished',
    next: 'Deregister the number again, then register it.',
    waitMs: MINUTE,
  },
  {
    codes: [133005],
    retryClass: 'configuration',
    cause: 'the PIN of the number is wrong',
    next: 'Use the PIN of its two-step verification, or reset it in WhatsApp Manager.',
  },
  {
    codes: [133006],
    retryClass: 'configuration',
    cause: 'the number has to be verified first',
    next: 'Verify it in WhatsApp Manager by SMS or call.',
  },
  {
    codes: [133008],
    retryClass: 'rate',
    cause: 'the PIN was guessed wrongly too often',
    next: 'Wait as long as Meta says.',
    waitMs: HOUR,
  },
  {
    codes: [133009],
    retryClass: 'rate',
    cause: 'the PIN was tried too fast',
    next: 'Wait a moment.',
    waitMs: MINUTE,
  },
  {
    codes: [133010],
    retryClass: 'configuration',
    cause: 'the number is not registered for the Cloud API',
    next: 'Register it (Phone Number: Register).',
    stopsAccount: true,
  },
  {
    codes: [133015],
    retryClass: 'unavailable',
    cause: 'the number was deleted a moment ago',
    next: 'Try again in five minutes.',
    waitMs: 5 * MINUTE,
  },
  {
    codes: [133016],
    retryClass: 'rate',
    cause: 'the number was registered and removed too often (10 times in 72 hours)',
    next: 'Wait up to 72 hours.',
    waitMs: 72 * HOUR,
  },
];
