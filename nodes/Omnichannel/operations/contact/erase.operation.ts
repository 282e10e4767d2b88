import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { actorOf } from '../../../shared/actor';
import { placeOptions } from '../../../shared/commonOptions';
import { contactLocator } from '../../../shared/contactLocator';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { refuseAsTool } from '../../../shared/toolVariant';

export const properties = [
  {
    displayName:
      'Erasing cannot be undone: names, numbers, messages, payloads and what was to be sent go. That messages were sent, and when, stays as a proof, to nobody in particular.',
    name: 'eraseNotice',
    type: 'notice',
    default: '',
  },
  contactLocator,
  {
    displayName: 'I Understand That It Cannot Be Undone',
    name: 'confirmed',
    type: 'boolean',
    default: false,
    description: 'Whether the person is really to be erased',
    hint: "n8n's own executions still show what they worked with: set how long they are kept in n8n's settings.",
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = refuseAsTool(
  'Erase',
  itemOperation(properties, async ({ read, context }) => {
    const { store, tenant } = read('options');
    const contact = read('contact');
    if (!read('confirmed')) {
      throw new InvalidInputError(
        'I Understand That It Cannot Be Undone',
        'Nobody was erased: it is not confirmed.',
        { hint: 'Switch on "I Understand That It Cannot Be Undone".' },
      );
    }
    const app = await openApp(context, store);
    const input = { tenantId: tenantId(tenant), contact };
    return toItem(await core.contacts.eraseContact(app, input, actorOf(context)));
  }),
);
