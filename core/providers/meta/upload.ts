import { InvalidContentError, ProviderError } from '../../model';
import type { MediaFile, FileKind } from '../../model';
import { CONTENT_FIELDS, checkMediaFile } from '../content';
import type { ProviderConnection } from '../provider';
import { metaAbilities } from './abilities';
import { accessOfConnection, pageIdOf } from './access';
import type { GraphClient } from './client';
import { asId } from '../graph/json';

/** A file of 25 MB over a slow line takes its time; no customer sees anything of it. */
const UPLOAD_TIMEOUT_MS = 180_000;

/**
 * Hands a file to Meta, which keeps it under the id that it gives: POST /{page-id}/message_attachments. It serves this
 * channel and this kind of file alone.
 * @throws InvalidContentError before any call: size, format, or an account that cannot upload; SendError from Meta
 */
export async function uploadMetaFile(
  graph: GraphClient,
  connection: ProviderConnection,
  kind: FileKind,
  file: MediaFile,
): Promise<string> {
  const { account, secrets } = connection;
  const can = metaAbilities(account.channel);
  if (can) checkMediaFile(kind, file, can);
  if (secrets.login === 'instagram') {
    throw new InvalidContentError(
      CONTENT_FIELDS.file,
      `"${account.name}" was connected by Instagram Login, and Meta takes no uploads there.`,
      {
        hint: 'Put the file at a public address and send that, or connect the account through its Page.',
      },
    );
  }
  const answer = await graph.call(accessOfConnection(connection), {
    method: 'POST',
    path: [pageIdOf(account), 'message_attachments'],
    form: {
      fields: {
        message: JSON.stringify({ attachment: { type: kind, payload: { is_reusable: true } } }),
        ...(account.channel === 'instagram' ? { platform: 'instagram' } : {}),
      },
      file: {
        field: 'filedata',
        fileName: plainName(file, kind),
        mimeType: file.mimeType,
        bytes: await file.read(),
      },
    },
    timeoutMs: UPLOAD_TIMEOUT_MS,
    subject: `the file of "${account.name}"`,
  });
  const id = asId(answer.attachment_id);
  if (id !== null) return id;
  throw new ProviderError(
    'provider_unavailable',
    `Meta took the file of "${account.name}" but gave no id for it.`,
    'unavailable',
    null,
    null,
    { hint: 'Try again.' },
  );
}

/** Meta refuses names with other letters than plain ones. */
function plainName({ fileName }: MediaFile, kind: FileKind): string {
  const bare = (fileName ?? '').normalize('NFKD').replace(/[^\x20-\x7e]/g, '');
  return bare.trim() === '' || bare.startsWith('.') ? `${kind}${bare}` : bare;
}
