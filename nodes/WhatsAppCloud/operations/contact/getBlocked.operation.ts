import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const properties = [
  numberLocator,
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

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) =>
    await collectPages(read, read('options').cursor, async (page) => {
      const found = await core.whatsApp.listBlockedUsers(app.http, connection, page);
      const items = found.items.map((externalId) => ({
        ...accountOf(connection),
        contact: { externalId },
      }));
      return { items, nextCursor: found.nextCursor };
    }),
);
