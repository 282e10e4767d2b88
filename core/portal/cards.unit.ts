import type { Login } from '../model';
import { toLogin } from '../store/statements/logins';
import {
  findPicture,
  findTenantName,
  listLoginRows,
  upsertPicture,
  type AccountPictureRow,
} from '../store/statements/portal';
import { tenantUnit } from '../store/unit';

/** Every login of the tenant, without its token. */
export const readLogins = tenantUnit(
  __filename,
  'readLogins',
  async (tx, _args: null): Promise<Login[]> => (await listLoginRows(tx)).map(toLogin),
);

export const readTenantName = tenantUnit(
  __filename,
  'readTenantName',
  async (tx, _args: null): Promise<string | null> => findTenantName(tx),
);

export const readPicture = tenantUnit(
  __filename,
  'readPicture',
  async (tx, { accountId }: { accountId: string }): Promise<AccountPictureRow | undefined> =>
    findPicture(tx, accountId),
);

export const savePicture = tenantUnit(
  __filename,
  'savePicture',
  async (tx, picture: Omit<AccountPictureRow, 'tenant_id' | 'fetched_at'>): Promise<void> =>
    upsertPicture(tx, picture),
  { durability: 'normal' },
);
