import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const properties = [
  numberLocator,
  {
    displayName: 'PIN',
    name: 'pin',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    required: true,
    placeholder: 'e.g. 123456',
    description: 'Six digits: the PIN of its two-step verification, or a new one where it has none',
    hint: 'Keep it: without it the number cannot be moved. Meta allows ten registrations in 72 hours.',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Data Region',
        name: 'region',
        type: 'string',
        default: '',
        placeholder: 'e.g. BR',
        description:
          'Country in which WhatsApp keeps the messages of this number, by its two letters. Empty means where Meta chooses.',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const pin = read('pin').trim();
    if (!/^\d{6}$/.test(pin)) {
      throw new InvalidInputError('PIN', 'The PIN has six digits.', {
        hint: 'Use that of the two-step verification of this number.',
      });
    }
    const dataLocalizationRegion = read('options').region?.trim().toUpperCase();
    const choice = { pin, dataLocalizationRegion };
    await core.whatsApp.registerPhoneNumber(app.http, connection, choice);
    return { success: true, ...accountOf(connection) };
  },
);
