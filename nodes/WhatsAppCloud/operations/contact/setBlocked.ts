import type { INodeProperties } from 'n8n-workflow';
import type { BlockResult } from '../../../../core/providers/whatsapp-cloud';
import { InvalidInputError } from '../../../../core/model/errors';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const blockProperties = [
  numberLocator,
  {
    displayName: 'Person',
    name: 'person',
    type: 'string',
    default: '={{ $json.contact.externalId }}',
    required: true,
    placeholder: 'e.g. +55 11 98888-7777',
    description: "A phone number as people write it, or contact.externalId of the trigger's item",
    hint: 'Only who wrote within the last 24 hours can be blocked. A blocked person can neither write nor be written to.',
  },
  placeOptions,
] as const satisfies INodeProperties[];

/** @throws what WhatsApp says against it, as the item's error */
export function blockOperation(change: 'blockUsers' | 'unblockUsers') {
  return accountOperation(accountRun, blockProperties, async ({ read, connection, app }) => {
    const given = mustHave('Person', read('person'), "Use the trigger item's contact.externalId.");
    const { account } = connection;
    const { externalId } = core.whatsApp.readRecipient(given, account.health?.phoneNumber);
    const results = await core.whatsApp[change](app.http, connection, [externalId]);
    const [result] = results;
    if (!result?.done) throw refused(given, result);
    return {
      success: true,
      blocked: change === 'blockUsers',
      ...accountOf(connection),
      contact: { externalId: result.externalId ?? externalId },
    };
  });
}

function refused(person: string, result: BlockResult | undefined): InvalidInputError {
  return new InvalidInputError(
    'Person',
    `WhatsApp changed nothing for "${person}". ${result?.detail ?? 'It does not say why.'}`,
    { hint: 'Only who wrote within the last 24 hours can be blocked.' },
  );
}
