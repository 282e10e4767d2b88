import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { mustHave } from '../../../shared/mustHave';
import type { ParameterReader } from '../../../shared/parameters';
import {
  idempotencyKeyOption,
  replyToOption,
  sendAgainOption,
  settingsOf,
  splitLongTextOption,
  whenNotSentOption,
} from '../../../shared/sendOptions';
import type { channelLocator, personProperty } from '../../fields';

/** Those of every sending node that the hub can honour, and the subject of a letter. */
export const sendOptions = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [
    idempotencyKeyOption,
    replyToOption,
    sendAgainOption,
    splitLongTextOption,
    storeOption,
    {
      displayName: 'Subject',
      name: 'subject',
      type: 'string',
      default: '',
      placeholder: 'e.g. Your appointment on Tuesday',
      description: 'Of an e-mail. Empty means: the first line of the text.',
    },
    tenantOption,
    whenNotSentOption,
  ],
} as const satisfies INodeProperties;

type Panel = readonly [typeof channelLocator, typeof personProperty, typeof sendOptions];

/** Who sends to whom, and how, as both operations ask for it. */
export function askedOf(read: ParameterReader<Panel>) {
  const options = read('options');
  const { replyTo, subject } = options;
  const words = subject?.trim();
  return {
    accountId: mustHave('Account', read('account'), 'Choose one from the list.'),
    recipientExternalId: mustHave(
      'Recipient',
      read('recipient'),
      "Use the trigger item's contact.externalId.",
    ),
    options,
    settings: { ...settingsOf({ replyTo }), ...(words && { subject: words }) },
  };
}
