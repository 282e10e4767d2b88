import { itemFiles } from '../../../shared/content/itemFiles';
import { readContent } from '../../../shared/content/readContent';
import { senderOf } from '../../../shared/idempotencyKey';
import { itemParameters } from '../../../shared/itemParameters';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { sendingOperation } from '../../../shared/sendItems';
import { settingsOf } from '../../../shared/sendOptions';
import { chosenTemplate } from '../../../WhatsAppCloud/content/readContent';
import { withItemFiles } from '../../../WhatsAppCloud/content/withItemFiles';
import { fillTemplate } from './fillTemplate';
import { readWhen, readWhom, type Read, type When } from './readSend';
import { properties } from './sendFields';

export { properties } from './sendFields';

export const operation = sendingOperation((context) => {
  const readerFor = itemParameters(context, properties);
  const files = itemFiles(context);
  const source = {
    workflowId: context.getWorkflow().id,
    workflowName: context.getWorkflow().name,
    nodeName: context.getNode().name,
    executionId: context.getExecutionId(),
  };
  return (itemIndex) => {
    const read = readerFor(itemIndex);
    const options = read('options');
    const whom = readWhom(read);
    const content = readContent(read, (field) => files.describe(itemIndex, field));
    const instead =
      read('whenWindowClosed') === 'template'
        ? chosenTemplate(read('fallbackTemplate'), read('fallbackVariables'))
        : undefined;
    const category = read('category');
    const when = readWhen(read, context.getTimezone());
    return {
      lane: whom.conversationId ?? whom.contactId ?? whom.recipientExternalId ?? whom.phone ?? '',
      choice: { ...options, journeyMessage: options.journeyMessage ?? 'main' },
      content,
      async send(idempotencyKey, limitWait) {
        const app = await openApp(context, options.store);
        const tenant = tenantId(options.tenant);
        const filled = instead && (await fillTemplate(app, { tenantId: tenant, ...whom }, instead));
        const message = {
          tenantId: tenant,
          ...whom,
          content: await files.load(itemIndex, content),
          whenWindowClosed:
            filled && (await files.load(itemIndex, await withItemFiles(filled, files, itemIndex))),
          settings: settingsOf(options),
          category,
          evenIfHandedOver: options.evenIfHandedOver,
          split: options.splitLongText ?? true,
          sender: senderOf(context, idempotencyKey),
          limitWait,
          idempotencyKey,
        };
        if (goesNow(read, when) && message.sender === undefined) {
          return await core.messaging.deliverMessage(app, message);
        }
        const { dueAt = app.clock.now(), ...others } = when;
        const why = read('sendWhen') === 'atTime' ? 'at_time' : 'quiet_hours';
        return await core.journeys.scheduleMessage(app, {
          ...message,
          ...others,
          dueAt,
          why,
          source,
        });
      },
    };
  };
});

/** An answer that waits for nothing. */
function goesNow(read: Read, { dueAt, waitForHours }: When): boolean {
  return dueAt === undefined && !waitForHours && read('category') === 'response';
}
