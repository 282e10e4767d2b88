import type { BinaryHelperFunctions, IBinaryData, IBinaryKeyData, IDataObject } from 'n8n-workflow';
import type { Attachment } from '../../core/model/message';
import type { DownloadedFile } from '../../core/model/media';
import { sentenceOf } from './errors';
import { ResultWithFiles, type ItemResult } from './router';
import { runItems } from './runItems';

/** Files are held in memory on their way into n8n's binary data: four of 25 MB are enough at a time. */
const AT_ONCE = 4;

/** Where the files of one item come from. */
export interface FileSource {
  has(attachment: Attachment): boolean;
  download(attachment: Attachment): Promise<DownloadedFile>;
}

/** What every context of n8n offers for this; only an execution can be cancelled. */
export interface FileContext {
  helpers: Pick<BinaryHelperFunctions, 'prepareBinaryData'>;
  getExecutionCancelSignal?(): AbortSignal | undefined;
}

interface WantedFile {
  itemIndex: number;
  /** Of the item's binary data; the number is the attachment's place in its message. */
  field: string;
  attachment: Attachment;
  source: FileSource;
}

/**
 * Puts the files of messages into the binary data of their items. Each attachment then names its field (`binaryField`),
 * or says why there is no file (`downloadError`): a file that cannot be had never costs the message.
 * @param items those without `message.attachments` stay as they are
 * @param sourceOf null for an item whose files cannot be had
 */
export async function withAttachments(
  context: FileContext,
  items: IDataObject[],
  sourceOf: (item: IDataObject) => FileSource | null,
): Promise<ItemResult[]> {
  const wanted = items.flatMap((item, index) => filesOf(item, index, sourceOf(item)));
  const binaries = items.map((): IBinaryKeyData => ({}));
  const marks = new Map<Attachment, IDataObject>();
  const fetchOne = async (index: number) => {
    const file = wanted[index] as WantedFile;
    const { itemIndex, field, attachment } = file;
    try {
      const binary = await fetchFile(context, file);
      (binaries[itemIndex] as IBinaryKeyData)[field] = binary;
      marks.set(attachment, { binaryField: field });
    } catch (error) {
      marks.set(attachment, { downloadError: sentenceOf(error) });
    }
  };
  await runItems(wanted.length, fetchOne, {
    atOnce: AT_ONCE,
    signal: context.getExecutionCancelSignal?.(),
  });
  return items.map((item, index) => {
    const binary = binaries[index] as IBinaryKeyData;
    const json = marked(item, marks);
    return Object.keys(binary).length === 0 ? json : new ResultWithFiles(json, binary);
  });
}

function filesOf(item: IDataObject, itemIndex: number, source: FileSource | null): WantedFile[] {
  if (!source) return [];
  return attachmentsOf(item).flatMap((attachment, place) =>
    source.has(attachment) ? [{ itemIndex, field: `attachment_${place}`, attachment, source }] : [],
  );
}

async function fetchFile(
  context: FileContext,
  { source, attachment, field }: WantedFile,
): Promise<IBinaryData> {
  const { bytes, mimeType, fileName } = await source.download(attachment);
  const binary = await context.helpers.prepareBinaryData(
    bytes,
    fileName ?? undefined,
    mimeType ?? undefined,
  );
  if (fileName !== null) return binary;
  const { fileExtension } = binary;
  return { ...binary, fileName: fileExtension ? `${field}.${fileExtension}` : field };
}

function marked(item: IDataObject, marks: Map<Attachment, IDataObject>): IDataObject {
  const attachments = attachmentsOf(item);
  if (!attachments.some((attachment) => marks.has(attachment))) return item;
  const message = {
    ...(item.message as IDataObject),
    attachments: attachments.map((one) => ({ ...one, ...marks.get(one) })),
  };
  return { ...item, message };
}

function attachmentsOf({ message }: IDataObject): Attachment[] {
  const { attachments = [] } = (message ?? {}) as { attachments?: Attachment[] };
  return attachments;
}
