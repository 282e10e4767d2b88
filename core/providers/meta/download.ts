import type { HttpClient, HttpResponse } from '../../http/client';
import { HttpFailure } from '../../http/failure';
import { OmnichannelError, type Attachment, type DownloadedFile } from '../../model';
import { safeFileName } from '../fileNames';
import type { ProviderConnection } from '../provider';
import { accessOfConnection } from './access';

const MB = 1024 * 1024;
/** What Meta takes from people itself. */
const MAX_FILE_BYTES = 25 * MB;
const DOWNLOAD_TIMEOUT_MS = 60_000;
const MAX_REDIRECTS = 3;
const KINDS_WITH_FILE: ReadonlySet<Attachment['type']> = new Set([
  'image',
  'video',
  'audio',
  'file',
  'sticker',
]);

/** Whether there is a file behind an attachment: shared posts, templates and stories are pages of their own. */
export function hasFile({ type, url }: Attachment): boolean {
  return KINDS_WITH_FILE.has(type) && url !== undefined;
}

/**
 * The file of a received message, from Meta's content hosts. Their addresses are signed and need no token, so none is
 * sent; they live for some days.
 * @throws OmnichannelError saying why there is no file
 */
export async function downloadAttachment(
  http: HttpClient,
  connection: ProviderConnection,
  attachment: Attachment,
): Promise<DownloadedFile> {
  const response = await fetchFollowing(http, connection, attachment.url ?? '');
  if (response.status !== 200) throw refused(response.status);
  return {
    bytes: response.body,
    mimeType: attachment.mimeType ?? mimeTypeOf(response),
    fileName: safeFileName(attachment.fileName) ?? nameInAddress(attachment.url),
  };
}

async function fetchFollowing(
  http: HttpClient,
  connection: ProviderConnection,
  start: string,
): Promise<HttpResponse> {
  let url = start;
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetchOnce(http, connection, url);
    const target = response.headers.location;
    const isRedirect = response.status >= 301 && response.status <= 308 && target !== undefined;
    if (!isRedirect) return response;
    const next = URL.parse(target, url);
    if (redirects >= MAX_REDIRECTS || next === null) throw refused(response.status);
    url = next.href;
  }
}

async function fetchOnce(
  http: HttpClient,
  connection: ProviderConnection,
  url: string,
): Promise<HttpResponse> {
  try {
    return await http.request({
      method: 'GET',
      url,
      // A stand-in of the Graph API, whose address an admin set, serves its files itself.
      guard: isSameOrigin(url, accessOfConnection(connection).baseUrl) ? 'trusted' : 'public',
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
      maxResponseBytes: MAX_FILE_BYTES,
    });
  } catch (error) {
    if (!(error instanceof HttpFailure) || error.kind !== 'too_large') throw error;
    throw new OmnichannelError(
      'file_too_large',
      `The file is larger than ${MAX_FILE_BYTES / MB} MB, so it was not downloaded.`,
      { hint: 'Fetch it from the url of the attachment.', cause: error },
    );
  }
}

function isSameOrigin(url: string, base: string): boolean {
  const origin = URL.parse(url)?.origin;
  return origin !== undefined && origin === URL.parse(base)?.origin;
}

function refused(status: number): OmnichannelError {
  return new OmnichannelError(
    'file_unavailable',
    `Meta's address of the file answered with HTTP ${status}, so there is no file.`,
    { hint: 'Such addresses live for some days: read the conversation again, then download.' },
  );
}

/** Content hosts call what they do not know a stream of bytes, which says nothing. */
function mimeTypeOf({ headers }: HttpResponse): string | null {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' || type === 'application/octet-stream' ? null : type;
}

/** `https://scontent.example/v/t1/photo.jpg?oh=…` is photo.jpg; a last part without ending is no name. */
function nameInAddress(url: string | undefined): string | null {
  const last =
    URL.parse(url ?? '')
      ?.pathname.split('/')
      .at(-1) ?? '';
  return /\.\w{1,8}$/.test(last) ? safeFileName(decoded(last)) : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
