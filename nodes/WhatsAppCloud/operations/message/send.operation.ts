import type { INodeProperties } from 'n8n-workflow';
import { missing } from '../../../shared/accountRuns';
import { itemFiles } from '../../../shared/content/itemFiles';
import { itemParameters } from '../../../shared/itemParameters';
import { core } from '../../../shared/loadCore';
import { sendingOperation } from '../../../shared/sendItems';
import { settingsOf } from '../../../shared/sendOptions';
import { accountRun } from '../../accountRuns';
import { contentProperties } from '../../content/contentProperties';
import { readContent, readFallback, type ChosenTemplate } from '../../content/readContent';
import { withItemFiles } from '../../content/withItemFiles';
import { numberLocator, personProperty, whatsAppSendOptions } from '../../fields';

export const properties = [
  numberLocator,
  personProperty,
  ...contentProperties,
  whatsAppSendOptions,
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
      throw missing('Recipient', "Write a phone number, or use the trigger item's contact.");
    }
    const content = readContent(read, (field) => files.describe(itemIndex, field));
    const fallback = readFallback(read);

    const fill = (chosen: ChosenTemplate) =>
      run.withAccount(options, accountId, async (connection, app) => {
        const template = await core.whatsApp.fillTemplate(app.http, connection, chosen);
        return await withItemFiles({ type: 'template', template }, files, itemIndex);
      });

    return {
      lane: `${accountId} ${recipientExternalId}`,
      choice: options,
      content,
      async send(idempotencyKey, limitWait) {
        const { app, tenant } = await run.open(options);
        const whole = content.type === 'chosenTemplate' ? await fill(content) : content;
        const instead = fallback && (await files.load(itemIndex, await fill(fallback)));
        return await core.messaging.sendMessage(app, {
          tenantId: tenant,
          accountId,
          recipientExternalId,
          content: await files.load(itemIndex, whole),
          whenWindowClosed: instead,
          settings: settingsOf(options),
          split: options.splitLongText ?? true,
          limitWait,
          idempotencyKey,
        });
      },
    };
  };
});
