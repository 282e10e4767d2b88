import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
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
    const id = mustHave('Media ID', read('mediaId'), 'Use media.id of an earlier upload.');
    await core.whatsApp.deleteMedia(app.http, connection, id);
    return { success: true, media: { id }, ...accountOf(connection) };
  },
);
