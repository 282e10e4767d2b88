import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../../../shared/accounts';
import { contentProperties } from '../../../shared/content/contentProperties';
import { itemFiles } from '../../../shared/content/itemFiles';
import { readContent } from '../../../shared/content/readContent';
import { itemParameters } from '../../../shared/itemParameters';
import { core } from '../../../shared/loadCore';
import { sendingOperation } from '../../../shared/sendItems';
import { sendOptions, settingsOf } from '../../../shared/sendOptions';
import { missing } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';
import { personProperty } from '../../fields';

export const properties = [
  accountLocator,
  personProperty,
  ...contentProperties,
  sendOptions,
] as const satisfies INodeProperties[];

export const operation = sendingOperation((context) => {
  const run = accountRun(context);
  const readerFor = itemParameters(context, properties);
  const files = itemFiles(context);
  return (itemIndex) => {
    const read = readerFor(itemIndex);
    const options = read('options');
    const recipientExternalId = read('recipient').trim();
    const accountId = read('account').trim();
    if (!accountId) throw missing('Account', 'Choose one from the list.');
    if (!recipientExternalId) {
      throw missing('Recipient', "Use the trigger item's contact.externalId.");
    }
    const content = readContent(read, (field) => files.describe(itemIndex, field));
    return {
      lane: `${accountId} ${recipientExternalId}`,
      choice: options,
      content,
      async send(idempotencyKey, limitWait) {
        const { app, tenant } = await run.open(options);
        return await core.messaging.sendMessage(app, {
          tenantId: tenant,
          accountId,
          recipientExternalId,
          content: await files.load(itemIndex, content),
          settings: settingsOf(options),
          split: options.splitLongText ?? true,
          limitWait,
          idempotencyKey,
        });
      },
    };
  };
});
