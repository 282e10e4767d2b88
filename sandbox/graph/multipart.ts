import { badParameter, undocumented } from './errors.ts';
import type { Request } from '../http.ts';

/** The file part of a multipart form: `filedata` (section B.2, "Upload") or WhatsApp's `file` (section D.4). */
export interface SentFile {
  part: 'filedata' | 'file';
  name: string;
  contentType: string;
  bytes: Buffer;
}

/** "Upload failed", of the attachment row of section B.7. */
const UPLOAD_FAILED = 2018294;

/** Reads a multipart form: texts, and the one file that is documented. @throws GraphError 100 */
export async function readMultipart(
  request: Request,
): Promise<{ fields: Array<[string, string]>; file?: SentFile }> {
  let form: FormData;
  try {
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    form = await new Response(new Uint8Array(request.body), { headers }).formData();
  } catch {
    throw badParameter('The multipart body cannot be read.', UPLOAD_FAILED);
  }
  const fields: Array<[string, string]> = [];
  let file: SentFile | undefined;
  for (const [key, value] of form) {
    if (typeof value === 'string') {
      fields.push([key, value]);
      continue;
    }
    if (key !== 'filedata' && key !== 'file') {
      throw undocumented(`a file part is documented as filedata (WhatsApp: file), not ${key}.`);
    }
    if (file !== undefined) throw undocumented('the file is given twice.');
    file = {
      part: key,
      name: value.name,
      contentType: (value.type.split(';')[0] ?? '').trim().toLowerCase(),
      bytes: Buffer.from(await value.arrayBuffer()),
    };
  }
  if (file !== undefined) checkFile(file);
  return file === undefined ? { fields } : { fields, file };
}

/** File names outside ASCII make an upload of Messenger and Instagram fail. */
function checkFile(file: SentFile): void {
  if (file.part === 'filedata' && !/^[\x20-\x7e]*$/.test(file.name)) {
    throw badParameter(
      'The upload failed: the file name has characters outside ASCII.',
      UPLOAD_FAILED,
    );
  }
  if (file.bytes.length === 0)
    throw badParameter('The upload failed: the file is empty.', UPLOAD_FAILED);
  if (file.contentType === '') {
    throw badParameter('The upload failed: the part has no content type.', UPLOAD_FAILED);
  }
}

/** The part of WhatsApp's uploads says nothing to the channels of Pages. */
export function refuseWhatsAppFile({ file }: { file?: SentFile }): void {
  if (file?.part === 'file') throw undocumented('a file part is documented as filedata, not file.');
}
