import type { HttpClient } from '../../http/client';
import type { Attachment, DownloadedFile } from '../../model';
import type { ReceivedFiles } from '../provider';
import { safeFileName } from '../fileNames';
import { downloadMedia } from './media';

/** Files of received messages: WhatsApp hands them out by their ids, for seven days. */
export function createReceivedFiles(http: HttpClient): ReceivedFiles {
  return {
    has: ({ providerMediaId }: Attachment) => providerMediaId !== undefined,
    async download(connection, { providerMediaId = '', mimeType, fileName }) {
      const { bytes, mimeType: told } = await downloadMedia(http, connection, providerMediaId);
      return {
        bytes,
        mimeType: told ?? mimeType?.split(';')[0]?.trim() ?? null,
        fileName: safeFileName(fileName),
      } satisfies DownloadedFile;
    },
  };
}
