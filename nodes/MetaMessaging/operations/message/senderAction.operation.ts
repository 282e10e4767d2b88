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
  accountLocator,
  personProperty,
  {
    displayName: 'Show',
    name: 'senderAction',
    type: 'options',
    default: 'typing_on',
    description: 'What the person sees in the conversation',
    options: [
      { name: 'Nobody Is Typing', value: 'typing_off', description: 'Takes the dots away' },
      { name: 'Seen', value: 'mark_seen', description: 'Their messages are marked as read' },
      {
        name: 'Typing',
        value: 'typing_on',
        description: 'Three dots, for 20 seconds at most or until the next message',
      },
    ],
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const person = mustHave(
      'Recipient',
      read('recipient'),
      "Use the trigger item's contact.externalId.",
    );
    const action = read('senderAction');
    await core.messaging.requireSafeRecipient(app, connection.account, person);
    await core.meta.showSenderAction(app.http, connection, person, action);
    return { success: true, action, ...accountOf(connection), contact: { externalId: person } };
  },
);
