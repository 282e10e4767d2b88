import {
  completeKeptFile,
  findKeptFile,
  findKeptFilePart,
  upsertKeptFile,
  upsertKeptFilePart,
  type KeptFileRow,
  type NewKeptFile,
} from '../../store/statements/keptFiles';
import { tenantUnit } from '../../store/unit';

export const beginKeptFile = tenantUnit(
  __filename,
  'beginKeptFile',
  async (tx, file: NewKeptFile): Promise<KeptFileRow> => upsertKeptFile(tx, file),
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
  async (tx, { fileId }: { fileId: string }): Promise<KeptFileRow | undefined> =>
    findKeptFile(tx, fileId),
  { durability: 'normal' },
);

export const readKeptFilePart = tenantUnit(
  __filename,
  'readKeptFilePart',
  async (tx, part: { fileId: string; position: number }): Promise<string | null> =>
    findKeptFilePart(tx, part.fileId, part.position),
  { durability: 'normal' },
);
