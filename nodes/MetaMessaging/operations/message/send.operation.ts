import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { accountLocator } from '../../../shared/accounts';
import { contentProperties } from '../../../shared/content/contentProperties';
import { idempotencyKeys } from '../../../shared/idempotencyKey';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import { readContent } from '../../../shared/content/readContent';
import type { Operation } from '../../../shared/router';
import { sendOptions, settingsOf } from '../../../shared/sendOptions';
import { sendResultItem } from '../../../shared/sendResultItem';
import { ensureAccounts } from '../../credentialAccounts';
import { chosenCredential } from '../../metaCredential';

export const properties = [
  accountLocator,
  {
    displayName: 'Recipient',
    name: 'recipient',
    type: 'string',
    default: '={{ $json.contact.externalId }}',
    required: true,
    placeholder: 'e.g. 7001002003004005',
    description: "How this account knows the person: contact.externalId of the trigger's item",
    hint: "If other nodes stand between, use {{ $('Instagram and Messenger Trigger').item.json.contact.externalId }}. A name or phone number does not work here.",
  },
  ...contentProperties,
  sendOptions,
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start(context) {
    const keyFor = idempotencyKeys(context);
    return async (itemIndex) => await send(context, itemIndex, keyFor);
  },
};

async function send(
  context: IExecuteFunctions,
  itemIndex: number,
  keyFor: ReturnType<typeof idempotencyKeys>,
) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const options = read('options');
  const tenant = tenantId(options.tenant);
  const recipientExternalId = read('recipient').trim();
  const accountId = read('account').trim();
  if (!accountId) throw missing('Account', 'Choose one from the list.');
  if (!recipientExternalId) {
    throw missing('Recipient', "Use the trigger item's contact.externalId.");
  }
  const content = readContent(read);
  const app = await openApp(context, options.store);
  await ensureAccounts(app, tenant, await chosenCredential(context));
  const result = await core.messaging.sendMessage(app, {
    tenantId: tenant,
    accountId,
    recipientExternalId,
    content,
    settings: settingsOf(options),
    idempotencyKey: keyFor(itemIndex, options, content),
  });
  return sendResultItem(context.getNode(), result, options.whenNotSent, itemIndex);
}

function missing(field: string, hint: string): InvalidInputError {
  return new InvalidInputError(field, `"${field}" is empty.`, { hint });
}
