import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { collectPages, cursorOption, listProperties, toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';

export const properties = [
  ...listProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [cursorOption, storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

/** Every number of the credential's business account, with the account here where it is one. */
export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const { cursor, ...place } = read('options');
  const { app, tenant, chosen } = await run.open(place);
  const accounts = await core.accounts.listAccounts(app, tenant, {
    provider: 'whatsapp_cloud',
  });
  const connectionOf = (numberId: string): IDataObject | null => {
    const account = accounts.find(({ externalId }) => externalId === numberId);
    if (!account) return null;
    const { id, name, externalId, status, statusReason } = account;
    return { id, name, externalId, status, statusReason };
  };
  return await collectPages(read, cursor, async (page) => {
    const found = await core.whatsApp.listNumbersOf(app.http, chosen.credential, page);
    const items = found.items.map((number) => ({
      channel: 'whatsapp',
      provider: 'whatsapp_cloud',
      connection: connectionOf(number.id),
      ...toItem(number),
    }));
    return { items, nextCursor: found.nextCursor };
  });
});
