import type { IBinaryData, IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { HttpClient } from '../../core/http/client';
import type { Attachment } from '../../core/model';
import type { ProviderConnection } from '../../core/providers/provider';
import { sentenceOf } from '../shared/errors';
import { core } from '../shared/loadCore';
import { ResultWithFiles, type ItemResult } from '../shared/router';
import { runItems } from '../shared/runItems';

/** Files are held in memory on their way into n8n's binary data: four of 25 MB are enough at a time. */
const AT_ONCE = 4;

export interface FileSource {
  http: HttpClient;
  connection: ProviderConnection;
}

interface WantedFile {
  itemIndex: number;
  /** Of the item's binary data; the number is the attachment's place in its message. */
  field: string;
  attachment: Attachment;
}

/**
 * Puts the files of messages into the binary data of their items. Each attachment then names its field (`binaryField`),
 * or says why there is no file (`downloadError`): a file that cannot be had never costs the message.
 * @param items with `message.attachments`
 */
export async function withAttachments(
  context: IExecuteFunctions,
  source: FileSource,
  items: IDataObject[],
): Promise<ItemResult[]> {
  const wanted = items.flatMap(filesOf);
  const binaries = items.map((): IBinaryKeyData => ({}));
  const marks = new Map<Attachment, IDataObject>();
  const fetchOne = async (index: number) => {
    const { itemIndex, field, attachment } = wanted[index] as WantedFile;
    try {
      const binary = await fetchFile(context, source, field, attachment);
      (binaries[itemIndex] as IBinaryKeyData)[field] = binary;
      marks.set(attachment, { binaryField: field });
    } catch (error) {
      marks.set(attachment, { downloadError: sentenceOf(error) });
    }
  };
  await runItems(wanted.length, fetchOne, {
    atOnce: AT_ONCE,
    signal: context.getExecutionCancelSignal(),
  });
  return items.map((item, index) => {
    const binary = binaries[index] as IBinaryKeyData;
    const json = marked(item, marks);
    return Object.keys(binary).length === 0 ? json : new ResultWithFiles(json, binary);
  });
}

function filesOf(item: IDataObject, itemIndex: number): WantedFile[] {
  return attachmentsOf(item).flatMap((attachment, place) =>
    core.meta.hasFile(attachment) ? [{ itemIndex, field: `attachment_${place}`, attachment }] : [],
  );
}

async function fetchFile(
  context: IExecuteFunctions,
  { http, connection }: FileSource,
  field: string,
  attachment: Attachment,
): Promise<IBinaryData> {
  const { bytes, mimeType, fileName } = await core.meta.downloadAttachment(
    http,
    connection,
    attachment,
  );
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
  const { attachments } = message as unknown as { attachments: Attachment[] };
  return attachments;
}
