import { findUpload, forgetUpload, saveUpload, type UploadKey } from '../store/statements/uploads';
import { tenantUnit } from '../store/unit';

/** The id of a file that the provider keeps for the account; null when it has none, or none young enough. */
export const readUpload = tenantUnit(
  __filename,
  'readUpload',
  async (tx, { key, maxAgeMs }: { key: UploadKey; maxAgeMs: number }): Promise<string | null> =>
    findUpload(tx, key, tx.now - maxAgeMs),
);

export const noteUpload = tenantUnit(
  __filename,
  'noteUpload',
  async (tx, { key, attachmentId }: { key: UploadKey; attachmentId: string }): Promise<void> =>
    saveUpload(tx, key, attachmentId),
);

/** A provider no longer knows the file. */
export const dropUpload = tenantUnit(
  __filename,
  'dropUpload',
  async (tx, { key }: { key: UploadKey }): Promise<void> => forgetUpload(tx, key),
);
