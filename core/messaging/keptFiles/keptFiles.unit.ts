import {
  completeKeptFile,
  findKeptFile,
  findKeptFilePart,
  upsertKeptFile,
  upsertKeptFilePart,
  upsertKeptFileUse,
  type KeptFileRow,
  type NewKeptFile,
} from '../../store/statements/keptFiles';
import { tenantUnit } from '../../store/unit';

export const beginKeptFile = tenantUnit(
  __filename,
  'beginKeptFile',
  async (
    tx,
    { owner, ...file }: NewKeptFile & { owner: string },
  ): Promise<{ row: KeptFileRow; useId: string }> => {
    const row = await upsertKeptFile(tx, file);
    const use = { fileId: file.id, owner, expiresAt: file.expires_at };
    return { row, useId: await upsertKeptFileUse(tx, use) };
  },
);

export const saveKeptFilePart = tenantUnit(
  __filename,
  'saveKeptFilePart',
  async (tx, part: { fileId: string; position: number; data: string }): Promise<void> =>
    upsertKeptFilePart(tx, part),
);

export const endKeptFile = tenantUnit(
  __filename,
  'endKeptFile',
  async (tx, { fileId }: { fileId: string }): Promise<boolean> => completeKeptFile(tx, fileId),
);

export const readKeptFile = tenantUnit(
  __filename,
  'readKeptFile',
  async (
    tx,
    { fileId, useId }: { fileId: string; useId: string },
  ): Promise<KeptFileRow | undefined> => findKeptFile(tx, { id: fileId, useId }),
  { durability: 'normal' },
);

export const readKeptFilePart = tenantUnit(
  __filename,
  'readKeptFilePart',
  async (tx, part: { fileId: string; position: number }): Promise<string | null> =>
    findKeptFilePart(tx, part.fileId, part.position),
  { durability: 'normal' },
);
