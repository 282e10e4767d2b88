import type { MediaSource } from '../../../core/model/content';
import { mapMedia } from '../../../core/model/mapMedia';
import type { ItemFiles } from '../../shared/content/itemFiles';
import type { ItemFile, PanelContent } from '../../shared/content/readContent';

/** In a template's variable, what is the name of a file of the item means that file. */
export async function withItemFiles(
  content: PanelContent,
  files: ItemFiles,
  itemIndex: number,
): Promise<PanelContent> {
  const place = (source: MediaSource | ItemFile) =>
    'attachmentId' in source && files.has(itemIndex, source.attachmentId)
      ? files.describe(itemIndex, source.attachmentId)
      : source;
  return await mapMedia(content, async (_kind, source) => place(source));
}
