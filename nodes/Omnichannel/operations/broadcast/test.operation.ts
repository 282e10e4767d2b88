import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemParameters } from '../../../shared/itemParameters';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { sendingOperation } from '../../../shared/sendItems';
import {
  idempotencyKeyOption,
  sendAgainOption,
  whenNotSentOption,
} from '../../../shared/sendOptions';
import { broadcastLocator } from '../../broadcastLocator';
import { mustName } from './ofBroadcast';

export const properties = [
  broadcastLocator,
  {
    displayName: 'Send To',
    name: 'recipient',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. +55 11 98888-7777',
    description: 'Your own number, or your ID at the account',
    hint: 'On Instagram and Messenger write to the account first: they allow answers only.',
  },
  {
    displayName: 'Whose Message',
    name: 'position',
    type: 'number',
    typeOptions: { minValue: 1, numberPrecision: 0 },
    default: 1,
    description: 'The place in the list of the person whose message you want to see, from 1 on',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [idempotencyKeyOption, sendAgainOption, storeOption, tenantOption, whenNotSentOption],
  },
] as const satisfies INodeProperties[];

export const operation = sendingOperation((context) => {
  const readerFor = itemParameters(context, properties);
  return (itemIndex) => {
    const read = readerFor(itemIndex);
    const options = read('options');
    const broadcastId = mustName(read('broadcast'));
    const recipient = read('recipient').trim();
    const position = Math.max(1, Math.floor(read('position')));
    return {
      lane: `${broadcastId} ${recipient}`,
      choice: options,
      content: { broadcastId, recipient, position },
      async send(idempotencyKey) {
        const app = await openApp(context, options.store);
        return await core.broadcasts.testBroadcast(app, {
          tenantId: tenantId(options.tenant),
          broadcastId,
          recipient,
          position,
          idempotencyKey,
        });
      },
    };
  };
});
