import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../../../shared/accounts';
import { core } from '../../../shared/loadCore';
import { accountOf } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';
import { accountOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { mustHave } from '../../../shared/mustHave';
import { personProperty } from '../../fields';

export const properties = [
  { ...accountLocator, hint: 'An Instagram account: on Messenger an account cannot react.' },
  personProperty,
  {
    displayName: 'Message ID',
    name: 'messageId',
    type: 'string',
    default: '={{ $json.message.providerId }}',
    required: true,
    placeholder: 'e.g. aWdfZAG1faXRlbTox…',
    description: "Meta's ID of the message: message.providerId of the trigger's item",
  },
  {
    displayName: 'Reaction',
    name: 'reaction',
    type: 'options',
    default: 'love',
    options: [
      { name: 'Love', value: 'love', description: 'A heart, the one that Meta documents' },
      { name: 'None', value: 'none', description: 'Take the reaction back' },
    ],
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const recipientExternalId = mustHave(
      'Recipient',
      read('recipient'),
      "Use the trigger item's contact.",
    );
    const messageProviderId = mustHave(
      'Message ID',
      read('messageId'),
      "Use the trigger item's message.",
    );
    const reaction = read('reaction') === 'none' ? null : read('reaction');
    const target = { recipientExternalId, messageProviderId };
    await core.messaging.requireSafeRecipient(app, connection.account, recipientExternalId);
    await core.meta.reactToMessage(app.http, connection, { ...target, reaction });
    return {
      success: true,
      reaction,
      ...accountOf(connection),
      contact: { externalId: recipientExternalId },
      message: { providerId: messageProviderId },
    };
  },
);
