import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const properties = [
  numberLocator,
  {
    displayName: 'Input Binary Field',
    name: 'binaryField',
    type: 'string',
    default: 'data',
    required: true,
    placeholder: 'e.g. data',
    description: "The name of the field in the item's binary data",
    hint: 'WhatsApp keeps the file for 30 days. To send a file of the item you need not upload it first.',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app, context, itemIndex }) => {
    const field = read('binaryField').trim();
    const binary = context.getInputData()[itemIndex]?.binary?.[field];
    if (!binary) {
      throw new InvalidInputError(
        'Input Binary Field',
        field ? `The item has no file in the field "${field}".` : '"Input Binary Field" is empty.',
        { hint: 'Look into the Binary tab of the node before for the name of the field.' },
      );
    }
    const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, field);
    const { mimeType, fileName = field } = binary;
    const id = await core.whatsApp.uploadMedia(app.http, connection, {
      name: fileName,
      mimeType,
      bytes,
    });
    const media = { id, mimeType, fileName, fileSize: bytes.length };
    return { success: true, media, ...accountOf(connection) };
  },
);
