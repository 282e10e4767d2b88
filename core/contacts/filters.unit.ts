import {
  findContactFilter,
  listContactFilterNames,
  saveContactFilter,
} from '../store/statements/contactFilters';
import { tenantUnit } from '../store/unit';

export const readContactFilter = tenantUnit(
  __filename,
  'readContactFilter',
  async (tx, { name }: { name: string }): Promise<string | null> =>
    (await findContactFilter(tx, name)) ?? null,
);

export const readContactFilterNames = tenantUnit(
  __filename,
  'readContactFilterNames',
  async (tx): Promise<string[]> => listContactFilterNames(tx),
);

export const writeContactFilter = tenantUnit(
  __filename,
  'writeContactFilter',
  async (tx, filter: { name: string; filter: string }): Promise<void> =>
    saveContactFilter(tx, filter),
);
