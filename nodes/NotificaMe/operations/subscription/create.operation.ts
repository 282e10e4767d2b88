import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { accountRun } from '../../accountRuns';
import { channelLocator } from '../../fields';
import { subscriptionItem } from './subscriptionItem';

export const properties = [
  { ...channelLocator, description: 'Whose events are posted' },
  {
    displayName: 'Events',
    name: 'eventType',
    type: 'options',
    default: 'MESSAGE',
    options: [
      { name: 'Messages', value: 'MESSAGE' },
      { name: 'Statuses of Messages', value: 'MESSAGE_STATUS' },
    ],
  },
  {
    displayName: 'Webhook URL',
    name: 'url',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. https://example.com/webhooks/notificame/a-long-secret',
    description:
      'What NotificaMe is to call. It signs nothing, so put a secret into the address. The NotificaMe Trigger subscribes itself and needs none of this.',
  },
  {
    displayName: 'Direction',
    name: 'direction',
    type: 'options',
    default: 'both',
    description: 'Of messages only',
    displayOptions: { show: { eventType: ['MESSAGE'] } },
    options: [
      { name: 'Both', value: 'both' },
      { name: 'Received', value: 'IN' },
      { name: 'Sent', value: 'OUT' },
    ],
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const url = mustHave(
      'Webhook URL',
      read('url'),
      'Fill in the address that NotificaMe is to call.',
    );
    const eventType = read('eventType');
    const direction = eventType === 'MESSAGE' ? read('direction') : 'both';
    const access = core.notificaMe.accessOf(connection);
    const created = await core.notificaMe.createSubscription(app.http, access, {
      eventType,
      url,
      channel: connection.account.externalId,
      ...(direction === 'both' ? {} : { direction }),
    });
    return {
      ...(created === null ? { alreadyExists: true, url } : subscriptionItem(created)),
      ...accountOf(connection),
    };
  },
);
