import type { HttpClient } from '../../http/client';
import { InvalidInputError, ProviderError } from '../../model';
import type { FileKind, MediaFile } from '../../model';
import { checkMediaFile } from '../content';
import { asId, asNumber, asText } from '../graph/json';
import type { ProviderConnection } from '../provider';
import { whatsAppAbilities } from './abilities';
import { accessOf, createCloudClient } from './client';
import type { CloudAccess, CloudClient } from './client';

/** A file that WhatsApp holds. */
export interface MediaFacts {
  id: string;
  mimeType: string | null;
  /** Hex. */
  sha256: string | null;
  fileSize: number | null;
}

export interface DownloadedMedia extends MediaFacts {
  bytes: Buffer;
}

/** Meta names no limit; a name that is longer helps nobody. */
const LONGEST_NAME = 240;
const MEGABYTE = 1024 * 1024;
/** The largest file that WhatsApp carries (a document), and a little for what is around it. */
export const LARGEST_MEDIA_BYTES = 100 * MEGABYTE;

/** An upload of 100 MB over a slow line takes its time; nothing is sent by it. */
const UPLOAD_TIMEOUT_MS = 180_000;

export interface NewMedia {
  name: string;
  mimeType: string;
  bytes: Uint8Array;
}

/** Hands a file to WhatsApp, which keeps it for 30 days under the id that it gives. */
export async function uploadMedia(
  http: HttpClient,
  connection: ProviderConnection,
  file: NewMedia,
): Promise<string> {
  return handOver(createCloudClient({ http }), connection, file);
}

/**
 * A file of a message's: checked against what WhatsApp takes of its kind, then handed over.
 * @throws InvalidContentError before any call: size or format; SendError from Meta
 */
export async function uploadWhatsAppFile(
  client: CloudClient,
  connection: ProviderConnection,
  kind: FileKind,
  file: MediaFile,
): Promise<string> {
  const can = whatsAppAbilities(connection.account.channel);
  if (can) checkMediaFile(kind, file, can);
  const { fileName, mimeType } = file;
  return handOver(client, connection, {
    name: fileName?.trim() || kind,
    // A browser's recording says `audio/ogg; codecs=opus`, which Meta takes as it is.
    mimeType,
    bytes: await file.read(),
  });
}

async function handOver(
  client: CloudClient,
  connection: ProviderConnection,
  { name, mimeType, bytes }: NewMedia,
): Promise<string> {
  const { account } = connection;
  const answer = await client.call(accessOf(connection), {
    method: 'POST',
    path: [account.externalId, 'media'],
    form: {
      fields: { messaging_product: 'whatsapp', type: mimeType },
      file: { field: 'file', fileName: name.slice(0, LONGEST_NAME), mimeType, bytes },
    },
    timeoutMs: UPLOAD_TIMEOUT_MS,
    subject: `the file "${name}"`,
  });
  const id = asId(answer.id);
  if (id !== null) return id;
  throw new ProviderError(
    'provider_unavailable',
    `WhatsApp took the file "${name}" but gave no id for it.`,
    'unavailable',
    null,
    null,
    { hint: 'Try again.' },
  );
}

/**
 * The bytes of a file: of one that a webhook named (kept for 7 days) or that was uploaded (30 days). The address of a
 * file holds for five minutes, so it is asked for anew, and once more where it has just ended.
 */
export async function downloadMedia(
  http: HttpClient,
  connection: ProviderConnection,
  mediaId: string,
): Promise<DownloadedMedia> {
  const client = createCloudClient({ http });
  const access = accessOf(connection);
  const { account } = connection;
  for (let attempt = 1; ; attempt += 1) {
    const { url, ...facts } = await readMedia(client, access, account.externalId, mediaId);
    try {
      const { body } = await client.download(access, checkedUrl(url, access), LARGEST_MEDIA_BYTES);
      return { ...facts, bytes: body };
    } catch (error) {
      if (attempt > 1 || !isGone(error)) throw error;
    }
  }
}

/** Makes WhatsApp forget a file. */
export async function deleteMedia(
  http: HttpClient,
  connection: ProviderConnection,
  mediaId: string,
): Promise<void> {
  await createCloudClient({ http }).call(accessOf(connection), {
    method: 'DELETE',
    path: [mediaId],
    query: { phone_number_id: connection.account.externalId },
    subject: `the file ${mediaId}`,
  });
}

async function readMedia(
  client: CloudClient,
  access: CloudAccess,
  phoneNumberId: string,
  mediaId: string,
): Promise<MediaFacts & { url: string }> {
  const answer = await client.call(access, {
    method: 'GET',
    path: [mediaId],
    query: { phone_number_id: phoneNumberId },
    subject: `the file ${mediaId}`,
  });
  return {
    id: asId(answer.id) ?? mediaId,
    url: asText(answer.url) ?? '',
    mimeType: asText(answer.mime_type)?.split(';')[0]?.trim() ?? null,
    sha256: asText(answer.sha256),
    fileSize: asNumber(answer.file_size),
  };
}

/** Hosts that serve the files of WhatsApp: nobody else may get the token. */
const META_HOSTS = /(^|\.)(fbsbx\.com|facebook\.com|fbcdn\.net|whatsapp\.net|whatsapp\.com)$/;

function checkedUrl(address: string, { baseUrl }: CloudAccess): string {
  const url = URL.parse(address);
  const isMeta = url?.protocol === 'https:' && META_HOSTS.test(url.hostname);
  if (url !== null && (isMeta || url.origin === URL.parse(baseUrl)?.origin)) return address;
  throw new InvalidInputError(
    'Media ID',
    `The file lies at ${url?.origin ?? 'no address'}, which is none of Meta's hosts, so the token is not sent there.`,
    { hint: 'Check Graph Base URL in the credential.' },
  );
}

/** An address that has ended answers 404, or 401 although the token is right. */
function isGone(error: unknown): boolean {
  const { status } = (error as { details?: { status?: unknown } }).details ?? {};
  return status === 404 || status === 401 || status === 410;
}
