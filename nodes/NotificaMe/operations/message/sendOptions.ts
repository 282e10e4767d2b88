import type { INodeProperties } from 'n8n-workflow';
import type { SendSettings } from '../../../../core/model/content';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import {
  idempotencyKeyOption,
  replyToOption,
  sendAgainOption,
  settingsOf,
  splitLongTextOption,
  whenNotSentOption,
} from '../../../shared/sendOptions';

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

/** How the message is sent. */
export function hubSettings({
  replyTo: quoted,
  subject,
}: {
  replyTo?: string;
  subject?: string;
}): SendSettings {
  const words = subject?.trim();
  return {
    ...settingsOf(quoted === undefined ? {} : { replyTo: quoted }),
    ...(words && { subject: words }),
  };
}
