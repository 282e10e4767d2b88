import {
  closeConnectPage,
  upsertConnectPage,
  type ConnectPageRow,
} from '../store/statements/connectPages';
import { tenantUnit } from '../store/unit';

export const savePage = tenantUnit(
  __filename,
  'savePage',
  async (tx, page: ConnectPageRow): Promise<void> => upsertConnectPage(tx, page),
);

export const dropPage = tenantUnit(
  __filename,
  'dropPage',
  async (tx, { pageId }: { pageId: string }): Promise<void> => closeConnectPage(tx, pageId),
);
