import type { INodeProperties } from 'n8n-workflow';
import { accountOperation, placeOptions } from '../../../shared/accountOperation';
import { accountOf, missing } from '../../../shared/accountRuns';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';
import { mediaIdProperty } from './fields';

export const properties = [
  numberLocator,
  mediaIdProperty,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const id = read('mediaId').trim();
    if (!id) throw missing('Media ID', 'Use media.id of an earlier upload.');
    await core.whatsApp.deleteMedia(app.http, connection, id);
    return { success: true, media: { id }, ...accountOf(connection) };
  },
);
