import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { ContentWithFiles, MediaFile, MediaSource } from '../../../core/model/content';
import { InvalidInputError } from '../../../core/model/errors';
import { mapMedia } from '../../../core/model/mapMedia';
import type { ItemFile, PanelContent } from './readContent';

/** The files of the items of one run. */
export interface ItemFiles {
  has(itemIndex: number, field: string): boolean;
  /** What tells a file of the item from another one, without reading it. */
  describe(itemIndex: number, field: string): ItemFile;
  /** The content with its files, each read once for its hash however many items share it. */
  load(itemIndex: number, content: PanelContent): Promise<ContentWithFiles>;
}

export function itemFiles(context: IExecuteFunctions): ItemFiles {
  /** By n8n's own id of stored binary data, which items hand on to each other. */
  const known = new Map<string, Promise<{ sha256: string; size: number }>>();

  const binaryOf = (itemIndex: number, field: string) =>
    context.getInputData()[itemIndex]?.binary?.[field];

  const fileOf = async (itemIndex: number, field: string): Promise<MediaFile> => {
    const binary = binaryOf(itemIndex, field);
    if (!binary) {
      throw new InvalidInputError(
        'Input Binary Field',
        field ? `The item has no file in the field "${field}".` : '"Input Binary Field" is empty.',
        { hint: 'Look into the Binary tab of the node before for the name of the field.' },
      );
    }
    const read = () => context.helpers.getBinaryDataBuffer(itemIndex, field);
    const measuring = (binary.id && known.get(binary.id)) || measure(read);
    if (binary.id) known.set(binary.id, measuring);
    const { fileName = null, mimeType } = binary;
    // In memory n8n has no address for it.
    const link = () => context.helpers.createBinarySignedUrl(binary);
    return { ...(await measuring), mimeType, fileName, read, ...(binary.id ? { link } : {}) };
  };

  return {
    has: (itemIndex, field) => binaryOf(itemIndex, field) !== undefined,
    describe(itemIndex, field) {
      const binary = binaryOf(itemIndex, field);
      return { field, fileName: binary?.fileName, size: binary?.bytes ?? binary?.fileSize };
    },
    async load(itemIndex, content) {
      const place = async (source: MediaSource | ItemFile) =>
        'field' in source ? { file: await fileOf(itemIndex, source.field) } : source;
      return await mapMedia(content, (_kind, source) => place(source));
    },
  };
}

async function measure(read: () => Promise<Buffer>): Promise<{ sha256: string; size: number }> {
  const bytes = await read();
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}
