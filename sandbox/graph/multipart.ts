import { badParameter, undocumented } from './errors.ts';
import type { Request } from '../http.ts';

/** The file part `filedata` of a multipart form. Source: section B.2, "Upload". */
export interface SentFile {
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
    if (key !== 'filedata')
      throw undocumented(`a file part is documented as filedata, not ${key}.`);
    if (file !== undefined) throw undocumented('filedata is given twice.');
    file = {
      name: value.name,
      contentType: (value.type.split(';')[0] ?? '').trim().toLowerCase(),
      bytes: Buffer.from(await value.arrayBuffer()),
    };
  }
  if (file !== undefined) checkFile(file);
  return file === undefined ? { fields } : { fields, file };
}

/** File names outside ASCII make an upload fail. */
function checkFile(file: SentFile): void {
  if (!/^[\x20-\x7e]*$/.test(file.name)) {
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
