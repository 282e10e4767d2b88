import type { INodeProperties } from 'n8n-workflow';
import { accountSending } from '../../../shared/accountSending';
import type { PanelContent } from '../../../shared/content/readContent';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
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

export const operation = accountSending(
  accountRun,
  properties,
  ({ read, run, files, itemIndex }) => {
    const options = read('options');
    const accountId = mustHave('Account', read('account'), 'Choose one from the list.');
    const recipientExternalId = mustHave(
      'Recipient',
      read('recipient'),
      "Write a phone number, or use the trigger item's contact.",
    );
    const content = readContent(read, (field) => files.describe(itemIndex, field));
    const fallback = readFallback(read);

    const filled = (chosen: ChosenTemplate) =>
      run.withAccount(options, accountId, async (connection, app) => {
        const template = await core.whatsApp.fillTemplate(app.http, connection, chosen);
        return await withItemFiles({ type: 'template', template }, files, itemIndex);
      });
    const load = async (asked: PanelContent | ChosenTemplate) =>
      await files.load(itemIndex, asked.type === 'chosenTemplate' ? await filled(asked) : asked);

    return {
      accountId,
      recipientExternalId,
      options,
      settings: settingsOf(options),
      content,
      load: () => load(content),
      loadInstead: fallback && (() => load(fallback)),
    };
  },
);
