import { createHash } from 'node:crypto';
import { keepFile, openKeptFile } from '../../../../core/messaging';
import type { MediaFile } from '../../../../core/model';
import type { World } from '../../messaging/support/world';

const DAY_MS = 24 * 3_600_000;

function fileWith(text: string): MediaFile {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const facts = { size: bytes.length, mimeType: 'text/plain', fileName: text };
  return { ...facts, sha256, read: async () => bytes };
}

/** A file of a message of the victim's. @returns the token that opens it */
export async function keepSomething(
  { ctx, tenantId }: World,
  secret: string,
  forMs = DAY_MS,
): Promise<string> {
  return await keepFile(ctx, tenantId, fileWith(secret), { owner: 'a patient', forMs });
}

export async function keptFileCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const [file] = await theirs.rows('kept_files');
  if (!file) throw new Error('No file to steal.');
  const { id: fileId } = file;
  const [use] = await theirs.rows('kept_file_uses');
  return {
    beginKeptFile: {
      owner: 'a patient',
      id: fileId,
      mime_type: 'text/plain',
      file_name: 'stolen',
      size: 1,
      expires_at: 1,
    },
    saveKeptFilePart: { fileId, position: 0, data: 'stolen' },
    endKeptFile: { fileId },
    readKeptFile: { fileId, useId: use?.id },
    readKeptFilePart: { fileId, position: 0 },
  };
}

/** Called by a thief, with the file and the token of the victim. */
export async function keptFileOperationsWithIdsOf(
  theirs: World,
  tenantId: string,
  secret: string,
): Promise<Record<string, () => unknown>> {
  const { ctx } = theirs;
  // Shorter than it is kept: nothing of it changes.
  const token = await keepSomething(theirs, secret, 1_000);
  return {
    keepFile: () =>
      keepFile(ctx, tenantId, fileWith('stolen'), { owner: 'a patient', forMs: DAY_MS }),
    openKeptFile: () => openKeptFile(ctx, tenantId, token),
  };
}
