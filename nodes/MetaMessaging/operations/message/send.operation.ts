import type { INodeProperties } from 'n8n-workflow';
import { accountSending } from '../../../shared/accountSending';
import { accountLocator } from '../../../shared/accounts';
import { contentProperties } from '../../../shared/content/contentProperties';
import { readContent } from '../../../shared/content/readContent';
import { mustHave } from '../../../shared/mustHave';
import { sendOptions, settingsOf } from '../../../shared/sendOptions';
import { accountRun } from '../../accountRuns';
import { personProperty } from '../../fields';

export const properties = [
  accountLocator,
  personProperty,
  ...contentProperties,
  sendOptions,
] as const satisfies INodeProperties[];

export const operation = accountSending(accountRun, properties, ({ read, files, itemIndex }) => {
  const options = read('options');
  const content = readContent(read, (field) => files.describe(itemIndex, field));
  return {
    accountId: mustHave('Account', read('account'), 'Choose one from the list.'),
    recipientExternalId: mustHave(
      'Recipient',
      read('recipient'),
      "Use the trigger item's contact.externalId.",
    ),
    options,
    settings: settingsOf(options),
    content,
    load: () => files.load(itemIndex, content),
  };
});
