import { itemFiles } from '../../../shared/content/itemFiles';
import { senderOf } from '../../../shared/idempotencyKey';
import { itemParameters } from '../../../shared/itemParameters';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { sendingOperation } from '../../../shared/sendItems';
import { settingsOf } from '../../../shared/sendOptions';
import { compose, readWritten, withReason } from './compose';
import { readWhen, readWhom } from './readSend';
import { fields } from './sendFields';

export { properties } from './sendFields';

export const operation = sendingOperation((context) => {
  const readerFor = itemParameters(context, fields);
  const files = itemFiles(context);
  const source = {
    workflowId: context.getWorkflow().id,
    workflowName: context.getWorkflow().name,
    nodeName: context.getNode().name,
    executionId: context.getExecutionId(),
  };
  // A test in the editor is nobody's result.
  const counts = context.getMode() !== 'manual';
  return (itemIndex) => {
    const read = readerFor(itemIndex);
    const options = read('options');
    const whom = readWhom(read);
    const written = readWritten(read, itemIndex, files);
    const when = readWhen(read, context.getTimezone());
    const asked = read('category');
    const why = read('sendWhen') === 'atTime' ? 'at_time' : 'quiet_hours';
    return {
      lane: whom.conversationId ?? whom.contactId ?? whom.recipientExternalId ?? whom.phone ?? '',
      choice: { ...options, journeyMessage: options.journeyMessage ?? 'main' },
      content: written.kind === 'here' ? written.content : written,
      async send(idempotencyKey, limitWait) {
        const app = await openApp(context, options.store);
        const place = { tenantId: tenantId(options.tenant), ...whom };
        const {
          category: own,
          noTemplate,
          ...composed
        } = await compose(app, place, written, {
          files,
          itemIndex,
        });
        const category = asked === 'response' ? (own ?? asked) : asked;
        const message = {
          ...place,
          ...composed,
          settings: settingsOf(options),
          category,
          evenIfHandedOver: options.evenIfHandedOver,
          split: options.splitLongText ?? true,
          sender: senderOf(context, idempotencyKey),
          limitWait,
          idempotencyKey,
        };
        const { dueAt = app.clock.now(), ...others } = when;
        const isPlain = when.dueAt === undefined && !when.waitForHours && category === 'response';
        // A due moment may have been scheduled by somebody else.
        const result = await core.journeys.sendNoted(app, {
          ...message,
          ...others,
          dueAt,
          why,
          source,
          isPlain: isPlain && message.sender === undefined,
          counts,
        });
        return withReason(result, noTemplate);
      },
    };
  };
});
