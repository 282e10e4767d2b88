import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { accountLocator } from '../../../shared/accounts';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountOf } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';

export const properties = [
  accountLocator,
  ...listProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      cursorOption,
      {
        displayName: 'Only With Person',
        name: 'person',
        type: 'string',
        default: '',
        placeholder: 'e.g. {{ $json.contact.externalId }}',
        description: 'Only the conversation with this person (contact.externalId)',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const options = read('options');
  const personExternalId = options.person?.trim() || undefined;
  return await run.withAccount(options, read('account'), async (connection, app) => {
    return await collectPages(read, options.cursor, async (page) => {
      const query = { ...page, personExternalId };
      const { items, nextCursor } = await core.meta.listConversations(app.http, connection, query);
      return { items: items.map((found) => toItem(found, accountOf(connection))), nextCursor };
    });
  });
});

type Found = Awaited<ReturnType<typeof core.meta.listConversations>>['items'][number];

function toItem({ providerId, updatedAt, contact }: Found, account: IDataObject): IDataObject {
  return {
    ...account,
    conversation: { providerId, updatedAt },
    contact: contact && { ...contact },
  };
}
