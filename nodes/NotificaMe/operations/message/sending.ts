import type { IExecuteFunctions } from 'n8n-workflow';
import type { SendSettings } from '../../../../core/model/content';
import { missing, type Place } from '../../../shared/accountRuns';
import { itemFiles, type ItemFiles } from '../../../shared/content/itemFiles';
import type { PanelContent } from '../../../shared/content/readContent';
import { core } from '../../../shared/loadCore';
import type { Operation } from '../../../shared/router';
import { sendingOperation, type ItemSend } from '../../../shared/sendItems';
import { accountRun } from '../../accountRuns';

/** What the panel asks for, for one item. */
export interface AskedMessage {
  accountId: string;
  recipient: string;
  content: PanelContent;
  settings: SendSettings;
  options: Place & ItemSend['choice'] & { splitLongText?: boolean | undefined };
}

/** Sends through the house's one way out: stored, at most once, within the channel's rules and the account's limits. */
export function sending(
  prepare: (context: IExecuteFunctions, files: ItemFiles) => (itemIndex: number) => AskedMessage,
): Operation {
  return sendingOperation((context) => {
    const run = accountRun(context);
    const files = itemFiles(context);
    const ask = prepare(context, files);
    return (itemIndex) => {
      const { accountId, recipient, content, settings, options } = ask(itemIndex);
      if (!accountId) throw missing('Account', 'Choose one from the list.');
      if (!recipient) throw missing('Recipient', "Use the trigger item's contact.externalId.");
      return {
        lane: `${accountId} ${recipient}`,
        choice: options,
        content,
        async send(idempotencyKey) {
          const { app, tenant } = await run.open(options);
          return await core.messaging.sendMessage(app, {
            tenantId: tenant,
            accountId,
            recipientExternalId: recipient,
            content: await files.load(itemIndex, content),
            settings,
            split: options.splitLongText ?? true,
            idempotencyKey,
          });
        },
      };
    };
  });
}
