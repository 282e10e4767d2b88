import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { accountLocator } from '../../../shared/accounts';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { whenNotSentOption } from '../../../shared/sendOptions';
import { sendResultItem } from '../../../shared/sendResultItem';
import { accountRun } from '../../accountRuns';

export const properties = [
  accountLocator,
  {
    displayName: 'Comment ID',
    name: 'commentId',
    type: 'string',
    default: '={{ $json.data.providerId }}',
    required: true,
    placeholder: 'e.g. 17895695668004550',
    description: 'The comment to answer: data.providerId of the event comment.received',
    hint: 'A comment has one private reply, within 7 days. A second run sends nothing and returns the first result with "duplicate".',
  },
  {
    displayName: 'Comment Author',
    name: 'commentAuthor',
    type: 'string',
    default: '={{ $json.data?.from?.externalId }}',
    placeholder: 'e.g. 7310123456789',
    description:
      'Who wrote the comment: data.from.externalId of the event. Needed in safe mode alone, to see whether they are listed.',
  },
  {
    displayName: 'Text',
    name: 'replyText',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    required: true,
    placeholder: 'e.g. Hello! We have sent you our prices.',
    description: 'What the person reads, among their messages or message requests',
    hint: 'Text only. Nothing more can be sent until they answer, which opens the 24 hours.',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Once per Person',
        name: 'oncePerPerson',
        type: 'string',
        default: '={{ $json.data.from.externalId }}',
        description:
          'Who wrote the comment: with this, one person gets one private reply of this account in 90 days, however many comments they write. Others come back as skipped, already_sent.',
      },
      storeOption,
      tenantOption,
      whenNotSentOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = credentialOperation(
  accountRun,
  properties,
  async ({ read, run, context, itemIndex }) => {
    const options = read('options');
    const accountId = mustHave('Account', read('account'), 'Choose one from the list.');
    const commentId = mustHave(
      'Comment ID',
      read('commentId'),
      'Use data.providerId of the comment.',
    );
    const { app, tenant } = await run.open(options);
    const result = await core.messaging.replyPrivately(app, {
      tenantId: tenant,
      accountId,
      commentId,
      text: read('replyText'),
      authorExternalId: read('commentAuthor').trim() || options.oncePerPerson?.trim(),
      oncePerPerson: options.oncePerPerson?.trim(),
    });
    return sendResultItem(context.getNode(), result, options.whenNotSent, itemIndex);
  },
);
