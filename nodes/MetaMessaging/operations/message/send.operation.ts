import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../../../shared/accounts';
import { contentProperties } from '../../../shared/content/contentProperties';
import { readContent } from '../../../shared/content/readContent';
import { idempotencyKeys } from '../../../shared/idempotencyKey';
import { core } from '../../../shared/loadCore';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { sendOptions, settingsOf } from '../../../shared/sendOptions';
import { sendResultItem } from '../../../shared/sendResultItem';
import { accountRun, missing, type AccountRun } from '../../accountRuns';
import { personProperty } from '../../fields';

export const properties = [
  accountLocator,
  personProperty,
  ...contentProperties,
  sendOptions,
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start(context) {
    const keyFor = idempotencyKeys(context);
    const run = accountRun(context);
    return async (itemIndex) => await send(context, itemIndex, keyFor, run);
  },
};

async function send(
  context: IExecuteFunctions,
  itemIndex: number,
  keyFor: ReturnType<typeof idempotencyKeys>,
  run: AccountRun,
) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const options = read('options');
  const recipientExternalId = read('recipient').trim();
  const accountId = read('account').trim();
  if (!accountId) throw missing('Account', 'Choose one from the list.');
  if (!recipientExternalId) {
    throw missing('Recipient', "Use the trigger item's contact.externalId.");
  }
  const content = readContent(read);
  const { app, tenant } = await run.open(options);
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
