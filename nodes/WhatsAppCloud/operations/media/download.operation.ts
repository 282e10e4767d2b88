import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { ResultWithFiles } from '../../../shared/router';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';
import { mediaIdProperty } from './fields';

export const properties = [
  numberLocator,
  mediaIdProperty,
  {
    displayName: 'Put Output File in Field',
    name: 'binaryField',
    type: 'string',
    default: 'data',
    required: true,
    placeholder: 'e.g. data',
    description: 'The name of the field in the binary data of the output item',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app, context }) => {
    const mediaId = mustHave(
      'Media ID',
      read('mediaId'),
      "Use an attachment of the trigger item's message.",
    );
    const field = mustHave(
      'Put Output File in Field',
      read('binaryField'),
      'Write "data", for example.',
    );
    const found = await core.whatsApp.downloadMedia(app.http, connection, mediaId);
    const { bytes, ...facts } = found;
    const prepared = await context.helpers.prepareBinaryData(
      bytes,
      undefined,
      facts.mimeType ?? undefined,
    );
    const { fileExtension } = prepared;
    const fileName = fileExtension ? `${mediaId}.${fileExtension}` : mediaId;
    return new ResultWithFiles(
      { media: { ...facts, binaryField: field }, ...accountOf(connection) },
      { [field]: { ...prepared, fileName } },
    );
  },
);
