import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const properties = [
  numberLocator,
  {
    displayName: 'Message ID',
    name: 'messageId',
    type: 'string',
    default: '={{ $json.message.providerId }}',
    required: true,
    placeholder: 'e.g. wamid.HBgN…',
    description:
      "WhatsApp's ID of a received message: message.providerId of the trigger's item. Earlier ones are marked with it.",
  },
  {
    displayName: 'Show Typing',
    name: 'typing',
    type: 'boolean',
    default: true,
    description:
      'Whether the customer sees "typing…", for 25 seconds at most or until the next message',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const providerMessageId = mustHave(
      'Message ID',
      read('messageId'),
      "Use the trigger item's message.",
    );
    const typing = read('typing');
    await core.messaging.requireSafeWriter(app, connection.account, providerMessageId);
    await core.whatsApp.markRead(app.http, connection, { providerMessageId, typing });
    return {
      success: true,
      typing,
      ...accountOf(connection),
      message: { providerId: providerMessageId },
    };
  },
);
