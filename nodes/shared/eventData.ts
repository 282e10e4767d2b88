import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { EventItem } from '../../core/model/item';
import type { App } from '../../core/runtime';
import { withAttachments, type FileContext, type FileSource } from './attachmentFiles';
import { core } from './loadCore';
import { ResultWithFiles } from './router';

/** An EventItem is JSON by construction. */
export function toExecutionData(item: EventItem): INodeExecutionData {
  return { json: item as unknown as IDataObject };
}

/** Events with the files of their messages as binary data; a file that cannot be had costs no event. */
export async function withFiles(
  context: FileContext,
  app: App,
  items: EventItem[],
): Promise<INodeExecutionData[]> {
  const data = items.map((item) => toExecutionData(item).json);
  const sources = new Map(
    data.map((json, index) => [json, items[index] ? fileSourceOf(app, items[index]) : null]),
  );
  const results = await withAttachments(context, data, (json) => sources.get(json) ?? null);
  return results.map((result) =>
    result instanceof ResultWithFiles
      ? { json: result.json, binary: result.binary }
      : { json: result },
  );
}

/** Where the files of an item's message are; null where it belongs to no account. */
export function fileSourceOf(
  app: App,
  item: Pick<EventItem, 'provider' | 'tenantId' | 'connection'>,
): FileSource | null {
  if (!item.provider || !item.connection) return null;
  const { provider, tenantId, connection } = item;
  return {
    has: (attachment) => core.messaging.hasReceivedFile(app, provider, attachment),
    download: (attachment) =>
      core.messaging.downloadReceivedFile(app, tenantId, connection.id, attachment),
  };
}
